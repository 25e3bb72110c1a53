"""Recalling a study's reports of one period: what was sent no longer opens."""

from datetime import datetime

from pydantic import Field
from pymongo.database import Database

from trial_reports.database.model import Row, Value
from trial_reports.errors import Cancelled
from trial_reports.identifiers import derived_id

RECALLED = "recalled"
"""The code with which a recalled report ends that had not been sent."""


class Recall(Value):
    """A study's period whose reports must not be read.

    ``lifted_at`` once reports may be made and read again, usually anew.
    """

    id: str = Field(alias="_id")
    study_id: str
    period: str
    by: str
    reason: str
    recalled_at: datetime
    lifted_at: datetime | None = None


class Recalls:
    """The collection ``recalls``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["recalls"]

    def add(
        self, study_id: str, period: str, by: str, reason: str, now: datetime
    ) -> None:
        """Recall a study's period, or recall it anew after it was lifted."""
        recall = Recall(
            id=_id(study_id, period),
            study_id=study_id,
            period=period,
            by=by,
            reason=reason,
            recalled_at=now,
        )
        self._rows.replace_one({"_id": recall.id}, recall.to_row(), upsert=True)

    def lift(self, study_id: str, period: str, now: datetime) -> bool:
        """Let the period's reports be made and read again; tell if they were not."""
        where = {"_id": _id(study_id, period), "liftedAt": None}
        lifted = self._rows.update_one(where, {"$set": {"liftedAt": now}})
        return lifted.modified_count == 1

    def holds(self, study_id: str, period: str) -> bool:
        """Tell whether a study's period is recalled."""
        where = {"_id": _id(study_id, period), "liftedAt": None}
        return self._rows.find_one(where, {"_id": 1}) is not None

    def require_none(self, study_id: str, period: str) -> None:
        """Stop the report of a recalled period.

        Raises:
            Cancelled: ``recalled``.
        """
        if self.holds(study_id, period):
            raise Cancelled(RECALLED, "The study's reports of the week are recalled.")


def _id(study_id: str, period: str) -> str:
    return derived_id("rcl", study_id, period)
