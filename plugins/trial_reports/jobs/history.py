"""A subscription's jobs, page by page."""

from dataclasses import dataclass

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.errors import RequestError
from trial_reports.jobs.models import Job


@dataclass(frozen=True)
class JobPage:
    """Some jobs, the newest first.

    ``next`` is the job after which the next page begins, ``None`` on the last.
    """

    jobs: list[Job]
    next: str | None


class JobHistory:
    """The collection ``report_jobs``, as a subscriber looks back on it.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["report_jobs"]

    def page(self, subscription_id: str, limit: int, after: str | None) -> JobPage:
        """Return a subscription's jobs, those created last first.

        A page begins behind a job, not at a number: jobs created meanwhile move
        nothing. Jobs created together are told apart by their week.

        Args:
            subscription_id: The subscription.
            limit: The most jobs of the page, at least 1.
            after: The job behind which it begins, ``None`` for the newest.

        Raises:
            RequestError: ``cursor_unknown``: the subscription has no job ``after``.
        """
        query: Row = {"subscriptionId": subscription_id}
        if after is not None:
            query["$or"] = self._older_than(subscription_id, after)
        newest_first = [("createdAt", -1), ("period.key", -1)]
        rows = self._rows.find(query).sort(newest_first).limit(limit + 1)
        jobs = [Job.from_row(row) for row in rows]
        page = jobs[:limit]
        return JobPage(page, page[-1].id if len(jobs) > limit else None)

    def _older_than(self, subscription_id: str, job_id: str) -> list[Row]:
        place = self._rows.find_one(
            {"_id": job_id, "subscriptionId": subscription_id},
            {"createdAt": 1, "period.key": 1},
        )
        if place is None:
            raise RequestError("cursor_unknown", "There is no such page.")
        created, week = place["createdAt"], place["period"]["key"]
        return [
            {"createdAt": {"$lt": created}},
            {"createdAt": created, "period.key": {"$lt": week}},
        ]
