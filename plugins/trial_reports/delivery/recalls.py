"""Recalling a study's reports of one period: what was sent no longer opens."""

from collections.abc import Collection
from datetime import datetime

from pydantic import Field
from pymongo.database import Database

from trial_reports.audit.trail import Decision
from trial_reports.database.model import Row, Value
from trial_reports.errors import Cancelled
from trial_reports.identifiers import derived_id
from trial_reports.jobs.models import Job, Report

RECALLED = "recalled"
"""The code with which a recalled report ends that had not been sent."""


class Recall(Value):
    """A study's period whose reports must not be read.

    ``lifted_at`` once new reports may be made and read; those from before the
    recall stay closed for ever.
    """

    id: str = Field(alias="_id")
    study_id: str
    period: str
    by: str
    reason: str
    recalled_at: datetime
    lifted_at: datetime | None = None

    def closes(self, report: Report | None) -> bool:
        """Tell whether a report of the period must not be sent or read.

        A lifted recall still closes the reports that were made before it.

        Args:
            report: The report, ``None`` where it is still to be made.
        """
        if self.lifted_at is None:
            return True
        return report is not None and report.made_at <= self.recalled_at


class Recalls:
    """The collection ``recalls``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["recalls"]

    def add(
        self, study_id: str, period: str, decision: Decision, now: datetime
    ) -> None:
        """Recall a study's period, or recall it anew after it was lifted."""
        recall = Recall(
            id=_id(study_id, period),
            study_id=study_id,
            period=period,
            by=decision.by,
            reason=decision.reason,
            recalled_at=now,
        )
        self._rows.replace_one({"_id": recall.id}, recall.to_row(), upsert=True)

    def lift(self, study_id: str, period: str, now: datetime) -> bool:
        """Let new reports of the period be made and read; tell if they could not."""
        where = {"_id": _id(study_id, period), "liftedAt": None}
        lifted = self._rows.update_one(where, {"$set": {"liftedAt": now}})
        return lifted.modified_count == 1

    def find(self, study_id: str, period: str) -> Recall | None:
        """Return the recall of a study's period, lifted or not, or ``None``."""
        row = self._rows.find_one({"_id": _id(study_id, period)})
        return Recall.from_row(row) if row else None

    def closes(self, job: Job) -> bool:
        """Tell whether a job's report must not be sent or read."""
        return job.id in self.close_among([job])

    def close_among(self, jobs: Collection[Job]) -> set[str]:
        """Return the ids of those jobs whose report must not be sent or read."""
        if not jobs:
            return set()
        places = {job.id: _id(job.study_id, job.period.key) for job in jobs}
        rows = self._rows.find({"_id": {"$in": list(set(places.values()))}})
        recalls = {row["_id"]: Recall.from_row(row) for row in rows}
        return {
            job.id
            for job in jobs
            if (recall := recalls.get(places[job.id])) is not None
            and recall.closes(job.report)
        }

    def require_none(self, job: Job) -> None:
        """Stop a report that is recalled.

        Raises:
            Cancelled: ``recalled``.
        """
        if self.closes(job):
            raise Cancelled(RECALLED, "The study's reports of the week are recalled.")


def _id(study_id: str, period: str) -> str:
    return derived_id("rcl", study_id, period)
