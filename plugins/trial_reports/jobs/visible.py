"""Reading jobs for people, each within what they may see."""

from dataclasses import dataclass

from pymongo.database import Database

from trial_reports.access.scope import Scope
from trial_reports.access.visible import Page, VisibleRows
from trial_reports.database.model import Row
from trial_reports.jobs.models import Job, JobStatus


@dataclass(frozen=True)
class JobFilter:
    """Which jobs somebody looks for; ``None`` where it does not matter.

    ``period`` is an ISO week such as ``2026-W47``.
    """

    study_id: str | None = None
    subscription_id: str | None = None
    status: JobStatus | None = None
    period: str | None = None

    def query(self) -> Row:
        """Return the filter for MongoDB."""
        wanted = {
            "studyId": self.study_id,
            "subscriptionId": self.subscription_id,
            "status": self.status,
            "period.key": self.period,
        }
        return {name: {"$eq": it} for name, it in wanted.items() if it is not None}


class VisibleJobs:
    """The collection ``report_jobs``, as far as somebody may see it.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._jobs = VisibleRows(database["report_jobs"], Job.from_row)

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
