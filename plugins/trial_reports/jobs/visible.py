"""Reading jobs for people, each within what they may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo.database import Database

from trial_reports.access.scope import Scope
from trial_reports.access.visible import Page, VisibleRows
from trial_reports.database.model import Row
from trial_reports.jobs.models import Cause, Job, JobStatus, Stage


@dataclass(frozen=True)
class JobFilter:
    """Which jobs somebody looks for; ``None`` where it does not matter.

    ``period`` is an ISO week such as ``2026-W47``.
    """

    study_id: str | None = None
    subscription_id: str | None = None
    status: JobStatus | None = None
    period: str | None = None
    dead_letter: bool = False
    """Only those with an open dead letter."""
    stage: Stage | None = None
    """Only dead letters of this stage."""
    cause: Cause | None = None
    """Only dead letters of this kind of failure."""

    def query(self) -> Row:
        """Return the filter for MongoDB."""
        wanted = {
            "studyId": self.study_id,
            "subscriptionId": self.subscription_id,
            "status": self.status,
            "period.key": self.period,
            "deadLetter.stage": self.stage,
            "deadLetter.cause": self.cause,
        }
        query: Row = {
            name: {"$eq": it} for name, it in wanted.items() if it is not None
        }
        if self.dead_letter:
            query |= {"status": "failed", "deadLetter": {"$ne": None}}
        return query


class VisibleJobs:
    """The collection ``report_jobs``, as far as somebody may see it.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["report_jobs"]
        self._jobs = VisibleRows(self._rows, Job.from_row)

    def find_visible(self, scope: Scope, job_id: str) -> Job | None:
        """Return the job if it is in the scope, as if no other existed."""
        return self._jobs.find(scope, job_id)

    def page(
        self, scope: Scope, filters: JobFilter, after: str | None, first: int
    ) -> Page[Job]:
        """Return jobs of the scope, those created last first.

        Args:
            scope: Whose jobs.
            filters: Which of them.
            after: The job behind which the page begins, ``None`` for the newest.
            first: The most jobs, 1 to 100.

        Raises:
            RequestError: ``cursor_unknown``: ``after`` is not in the scope.
        """
        return self._jobs.page(scope, filters.query(), after, first)

    def latest_of(
        self, scope: Scope, subscription_ids: Iterable[str]
    ) -> dict[str, Job]:
        """Return the newest job of each subscription that has one, by subscription."""
        wanted = {"subscriptionId": {"$in": list(subscription_ids)}}
        rows = self._rows.aggregate(
            [
                {"$match": scope.narrowed(wanted)},
                {"$sort": {"subscriptionId": 1, "createdAt": -1, "period.key": -1}},
                {"$group": {"_id": "$subscriptionId", "job": {"$first": "$$ROOT"}}},
            ]
        )
        return {row["_id"]: Job.from_row(row["job"]) for row in rows}

    def versions(self, job_ids: Iterable[str]) -> dict[str, Row]:
        """Return what changes whenever somebody might see a change, by job.

        It holds no right: whoever is told that a job has changed has to ask for
        it through a scope.
        """
        fields = dict.fromkeys(("status", "updatedAt", "stages", "error"), 1)
        rows = self._rows.find({"_id": {"$in": list(job_ids)}}, fields)
        return {row["_id"]: row for row in rows}
