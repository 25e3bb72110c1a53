"""Whether mail may be sent at all: paused by a person, or by ourselves.

Every sender reads this before every mail, so that a decision holds at once and
for all workers.
"""

from datetime import datetime

from pydantic import Field
from pymongo import ReturnDocument
from pymongo.database import Database

from trial_reports.database.model import Row, Value

EVERYBODY = "all"
"""The scope of a pause that is not for one study alone."""


class Pause(Value):
    """Who stopped delivery, why and when.

    An automatic pause is our own: we look ourselves when to go on.
    """

    by: str
    reason: str
    at: datetime
    automatic: bool = False


class Control(Value):
    """The state of delivery for everybody or one study.

    ``refusals`` counts what the provider did not take since it last took a
    mail. Nobody sends before ``not_before``.
    """

    id: str = Field(alias="_id")
    pause: Pause | None = None
    refusals: int = 0
    not_before: datetime | None = None


class Controls:
    """The collection ``controls``; ``_id`` is `EVERYBODY` or a study's id."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["controls"]

    def of(self, study_id: str) -> list[Control]:
        """Return what holds for a study: its own control and everybody's."""
        rows = self._rows.find({"_id": {"$in": [EVERYBODY, study_id]}})
        return [Control.from_row(row) for row in rows]

    def pause(self, scope: str, pause: Pause) -> None:
        """Stop delivery for a scope; a person's pause replaces our own."""
        self._rows.update_one(
            {"_id": scope}, {"$set": {"pause": pause.to_row()}}, upsert=True
        )

    def pause_ourselves(self, pause: Pause, not_before: datetime) -> None:
        """Stop delivery for everybody, unless it is stopped; probe no sooner."""
        self._rows.update_one(
            {"_id": EVERYBODY, "pause": None},
            {"$set": {"pause": pause.to_row()}, "$max": {"notBefore": not_before}},
        )

    def all(self) -> list[Control]:
        """Return the control of every scope that has ever had one."""
        return [Control.from_row(row) for row in self._rows.find()]

    def resume(self, scope: str) -> bool:
        """Let a scope's mails go again; ``False`` if they were not stopped."""
        fresh = {"pause": None, "refusals": 0, "notBefore": None}
        where = {"_id": scope, "pause": {"$ne": None}}
        return self._rows.update_one(where, {"$set": fresh}).modified_count == 1

    def resume_ourselves(self) -> bool:
        """End our own pause and count refusals anew; tell if there was a pause."""
        fresh = {"refusals": 0, "notBefore": None}
        ended = self._rows.update_one(
            {"_id": EVERYBODY, "pause.automatic": True},
            {"$set": {"pause": None, **fresh}},
        )
        if ended.modified_count:
            return True
        refused = {"_id": EVERYBODY, "refusals": {"$gt": 0}}
        self._rows.update_one(refused, {"$set": {"refusals": 0}})
        return False

    def count_refusal(self) -> int:
        """Count a mail that the provider did not take; return how many in a row."""
        row = self._rows.find_one_and_update(
            {"_id": EVERYBODY},
            {"$inc": {"refusals": 1}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return Control.from_row(row or {}).refusals

    def hold_until(self, instant: datetime) -> None:
        """Let nobody send before an instant, or an earlier hold's later one."""
        later = {"$max": {"notBefore": instant}}
        self._rows.update_one({"_id": EVERYBODY}, later, upsert=True)

    def take_probe(self, now: datetime, next_probe: datetime) -> bool:
        """Tell whether the caller, and nobody else, may try one mail in our pause."""
        where = {
            "_id": EVERYBODY,
            "pause.automatic": True,
            "notBefore": {"$lte": now},
        }
        probe = {"$set": {"notBefore": next_probe}}
        return self._rows.update_one(where, probe).modified_count == 1
