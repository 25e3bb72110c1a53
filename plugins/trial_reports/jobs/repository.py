"""Reading jobs."""

from collections.abc import Iterator
from datetime import datetime

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Attempt, Job
from trial_reports.jobs.queries import due, of_batch
from trial_reports.runs.models import Totals

_UNFINISHED = {"$in": ["pending", "processing"]}


class Jobs:
    """The collection ``report_jobs``, for reading."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["report_jobs"]

    def find(self, job_id: str) -> Job | None:
        """Return the job, or ``None`` if there is none."""
        row = self._rows.find_one({"_id": job_id})
        return Job.from_row(row) if row else None

    def due(self, attempt: Attempt, batch: int) -> list[Job]:
        """Return the batch's jobs a stage has to do, those that killed it last.

        One person's weeks come in their order.
        """
        rows = self._rows.find({**due(attempt), **of_batch(attempt.run, batch)})
        rows.sort([("subscriptionId", 1), ("period.key", 1)])
        jobs = [Job.from_row(row) for row in rows]
        return sorted(jobs, key=lambda job: job.work.begun if job.work else 0)

    def failed_in(self, attempt: Attempt, batch: int) -> list[Job]:
        """Return the batch's jobs whose stage failed in this attempt's round."""
        own = f"stages.{attempt.stage}"
        rows = self._rows.find(
            {
                **of_batch(attempt.run, batch),
                f"{own}.run": attempt.run,
                f"{own}.round": attempt.round,
                f"{own}.outcome": "failed",
            }
        )
        return [Job.from_row(row) for row in rows.sort("_id", 1)]

    def of_run(self, run: str) -> Iterator[Job]:
        """Yield the jobs a run owns, by subscription and period."""
        rows = self._rows.find({"run": run})
        for row in rows.sort([("subscriptionId", 1), ("period.key", 1)]):
            yield Job.from_row(row)

    def unfinished_of(self, run: str) -> Iterator[Job]:
        """Yield the jobs of a run that have not ended."""
        for row in self._rows.find({"run": run, "status": _UNFINISHED}):
            yield Job.from_row(row)

    def count_unfinished(self, created_before: datetime) -> int:
        """Count the jobs that were created before a time and have not ended."""
        old = {"status": _UNFINISHED, "createdAt": {"$lt": created_before}}
        return self._rows.count_documents(old)

    def unfinished_runs(self) -> list[str]:
        """Return the runs that own jobs which have not ended."""
        owned = {"status": _UNFINISHED, "run": {"$ne": None}}
        return [run for run in self._rows.distinct("run", owned) if run]

    def any_unowned(self) -> bool:
        """Tell whether a job waits for a run."""
        waiting = {"status": "pending", "run": None}
        return self._rows.find_one(waiting, {"_id": 1}) is not None

    def unsent_dead_letters(self) -> Iterator[Job]:
        """Yield failed jobs whose dead letter is not in its queue yet."""
        unsent = {"status": "failed", "deadLetter.sentAt": None}
        for row in self._rows.find({**unsent, "deadLetter": {"$ne": None}}):
            yield Job.from_row(row)

    def with_unknown_mail(self) -> Iterator[Job]:
        """Yield failed jobs of which nobody knows whether the mail was accepted."""
        unknown = {"status": "failed", "error.code": DELIVERY_UNKNOWN}
        for row in self._rows.find(unknown):
            yield Job.from_row(row)

    def of_period(self, study_id: str, period: str) -> Iterator[Job]:
        """Yield a study's jobs of a period."""
        rows = self._rows.find({"studyId": study_id, "period.key": period})
        for row in rows.sort("_id", 1):
            yield Job.from_row(row)

    def totals(self, run: str) -> Totals:
        """Count how the jobs of a run ended."""
        grouped = self._rows.aggregate(
            [
                {"$match": {"run": run}},
                {"$group": {"_id": "$status", "jobs": {"$sum": 1}}},
            ]
        )
        by_status = {row["_id"]: row["jobs"] for row in grouped}
        return Totals(
            jobs=sum(by_status.values()),
            completed=by_status.get("completed", 0),
            failed=by_status.get("failed", 0),
            cancelled=by_status.get("cancelled", 0),
            unaccounted=by_status.get("pending", 0) + by_status.get("processing", 0),
        )

    def previous_cut_off(self, job: Job) -> datetime | None:
        """Return until when data reached the subscription's report before this one.

        It is the cut-off of the PDF that its reader has, not of a later try.
        """
        row = self._rows.find_one(
            {
                "subscriptionId": job.subscription_id,
                "period.start": {"$lt": job.period.start},
                "report.cutOff": {"$type": "date"},
            },
            {"report.cutOff": 1},
            sort=[("period.start", -1)],
        )
        return row["report"]["cutOff"] if row else None
