"""The audit trail: what people and the system decided, for later questions.

ICH E6(R3), 4.2.2: changes must be traceable to who made them, when and why.
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field
from pymongo.database import Database

from trial_reports.database.model import Row, Value
from trial_reports.identifiers import new_id

SYSTEM = "system"
"""Whose decision it is where nobody in particular has decided."""


@dataclass(frozen=True)
class Decision:
    """Somebody's decision.

    Attributes:
        id: Of the decision, such as the id of the run that carries it out: a
            decision that is carried out twice is still one.
        by: The account's name.
        reason: In their words, without anybody's name.
    """

    id: str
    by: str
    reason: str


class AuditEvent(Value):
    """One decision; ``details`` hold ids, codes and counts only."""

    id: str = Field(alias="_id")
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str
    decision: str
    details: dict[str, str | int]


class AuditTrail:
    """The collection ``audit_events``: only ever added to.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["audit_events"]

    def record(
        self,
        decision: Decision,
        action: str,
        subject: str,
        now: datetime,
        **details: str | int,
    ) -> None:
        """Add an event, before what it tells of is done.

        Args:
            decision: Whose it is, and why.
            action: What is done, as a snake-case verb: ``pause_delivery``.
            subject: The id of what it is done to.
            now: When, UTC.
            **details: Ids, codes and counts that belong to it.
        """
        event = AuditEvent(
            id=new_id("aud"),
            at=now,
            actor=decision.by,
            action=action,
            subject=subject,
            reason=decision.reason,
            decision=decision.id,
            details=details,
        )
        self._rows.insert_one(event.to_row())

    def about(self, subject: str) -> list[AuditEvent]:
        """Return what was done to something, the oldest first."""
        rows = self._rows.find({"subject": subject}).sort([("at", 1), ("_id", 1)])
        return [AuditEvent.from_row(row) for row in rows]
