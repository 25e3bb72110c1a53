"""Deciding once, however often the decision arrives.

A client that got no answer sends its mutation again with the same key
(draft-ietf-httpapi-idempotency-key-header). The key becomes the decision's id,
and what was answered is kept for its repetitions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database

from trial_reports.audit.trail import Decision
from trial_reports.database.model import Row
from trial_reports.errors import RequestError
from trial_reports.identifiers import derived_id, fingerprint

KEPT = timedelta(days=30)
_TURN = timedelta(minutes=1)
"""Above the longest that a request may take: who has not answered by then is dead."""

Answer = Mapping[str, Any]
"""What a decision came to: ids, codes and counts, as MongoDB takes them."""


@dataclass(frozen=True)
class Asked:
    """A decision as it was asked for.

    Attributes:
        by: The id of whoever asks.
        operation: What is asked for.
        key: The client's own name for this decision.
        reason: Why, in their words.
        what: What it is about; another key has to be used for anything else.
    """

    by: str
    operation: str
    key: str
    reason: str
    what: str

    @property
    def decision(self) -> Decision:
        """The one decision that every repetition is."""
        id_ = derived_id("dec", self.by, self.operation, self.key)
        return Decision(id_, self.by, self.reason)


class IdempotencyKeys:
    """The collection ``idempotency_keys``; ``_id`` is the decision's id.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["idempotency_keys"]

    def once(
        self, asked: Asked, act: Callable[[Decision], Answer], now: datetime
    ) -> Answer:
        """Carry a decision out, or return what it came to the first time.

        One that arrives while it is carried out is refused. A decision whose first
        try died is carried out again, so ``act`` has to bear that. One that is
        refused can be asked for again.

        Args:
            asked: The decision.
            act: Carries it out.
            now: The time of the request, UTC.

        Raises:
            RequestError: ``idempotency_key_reused`` for something else before;
                ``decision_in_progress``; or what ``act`` raises.
        """
        decision, what = asked.decision, fingerprint(f"{asked.reason}\0{asked.what}")
        row: Row = (
            self._rows.find_one_and_update(
                {"_id": decision.id},
                {
                    "$setOnInsert": {
                        "what": what,
                        "answer": None,
                        "expireAt": now + KEPT,
                    }
                },
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
            or {}
        )
        if row["what"] != what:
            raise RequestError(
                "idempotency_key_reused", "This key was used for something else."
            )
        if row["answer"] is not None:
            stored: Answer = row["answer"]
            return stored
        self._take_turn(decision, now)
        try:
            answer = act(decision)
        except BaseException:
            self._rows.update_one({"_id": decision.id}, {"$set": {"until": None}})
            raise
        self._rows.update_one({"_id": decision.id}, {"$set": {"answer": dict(answer)}})
        return answer

    def _take_turn(self, decision: Decision, now: datetime) -> None:
        free: Row = {"$or": [{"until": None}, {"until": {"$lte": now}}]}
        taken = self._rows.update_one(
            {"_id": decision.id, "answer": None, **free},
            {"$set": {"until": now + _TURN}},
        )
        if not taken.modified_count:
            raise RequestError(
                "decision_in_progress",
                "This is being carried out; ask again in a minute for what came of it.",
            )
