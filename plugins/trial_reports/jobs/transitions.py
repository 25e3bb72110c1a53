"""The writer of job state: one compare-and-set for each verb.

What people decide about ended jobs is in `trial_reports.jobs.decisions`; nobody
else writes. Every caller (stages, failure callback, closing, dispatch) may be
late, repeated or one of two twins. A verb therefore names in its filter the
state it starts from, and answers whether it was the one to make the change.
"""

from collections.abc import Iterable
from datetime import datetime

from pymongo import UpdateOne
from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.identifiers import new_id
from trial_reports.jobs.changes import record_of, unowned, without_id
from trial_reports.jobs.models import (
    Artifact,
    Attempt,
    Failure,
    Job,
    JobError,
    OpenDeadLetter,
    Report,
    Stage,
    StageOutcome,
    StageRecord,
)
from trial_reports.jobs.queries import due, of_batch

_UNFINISHED = {"$in": ["pending", "processing"]}


class Transitions:
    """Every change of a row of ``report_jobs`` but people's decisions."""

    def __init__(self, database: Database[Row]) -> None:
        self.database = database
        self._rows = database["report_jobs"]

    def create(self, jobs: Iterable[Job]) -> int:
        """Store jobs that are not there yet; return how many were new."""
        new = [
            UpdateOne({"_id": j.id}, {"$setOnInsert": without_id(j)}, upsert=True)
            for j in jobs
        ]
        return self._rows.bulk_write(new, ordered=False).upserted_count if new else 0

    def claim(self, run: str, scope: Row, now: datetime) -> int:
        """Make pending jobs without a run this run's own; return how many."""
        changed = self._rows.update_many(
            {**scope, "status": "pending", "run": None},
            {"$set": {"run": run, "batch": None, "updatedAt": now}},
        )
        return changed.modified_count

    def assign_batches(self, run: str, batches: dict[str, int]) -> None:
        """Give jobs of the run their batch; one that has a batch keeps it."""
        steps = [
            UpdateOne(
                {"_id": job, "run": run, "batch": None}, {"$set": {"batch": number}}
            )
            for job, number in batches.items()
        ]
        if steps:
            self._rows.bulk_write(steps, ordered=False)

    def carry_over(self, attempt: Attempt, batch: int) -> None:
        """Narrow a repeated stage to its failed jobs, where it has any.

        A cleared stage is done anew for its batch. If some of its jobs failed,
        only those are meant: the others' records move into the new round.
        """
        stage = f"stages.{attempt.stage}"
        earlier = {
            **of_batch(attempt.run, batch),
            f"{stage}.run": attempt.run,
            f"{stage}.round": {"$lt": attempt.round},
        }
        if self._rows.find_one({**earlier, f"{stage}.outcome": "failed"}, {"_id": 1}):
            self._rows.update_many(
                {**earlier, f"{stage}.outcome": "done"},
                {"$set": {f"{stage}.round": attempt.round}},
            )

    def begin(self, job: Job, attempt: Attempt, now: datetime) -> Job | None:
        """Count that a stage begins on a job, and reopen it if it had failed.

        A job that was completed stays so: its report is being made anew.

        Returns:
            The job as it is now, or ``None`` if it is no longer due.
        """
        reopened = (
            {"status": "processing", "error": None, "deadLetter": None}
            if job.status != "completed"
            else {}
        )
        again = job.work is not None and (
            (job.work.stage, job.work.run, job.work.round)
            == (attempt.stage, attempt.run, attempt.round)
        )
        begun = job.work.begun + 1 if again and job.work else 1
        work = {
            "stage": attempt.stage,
            "run": attempt.run,
            "round": attempt.round,
            "begun": begun,
        }
        row = self._rows.find_one_and_update(
            {**due(attempt), "_id": job.id, "status": job.status},
            {
                "$set": {**reopened, "work": work, "updatedAt": now},
                "$inc": {"attempts": 1},
            },
            return_document=True,
        )
        return Job.from_row(row) if row else None

    def put_back(self, job: Job, attempt: Attempt, now: datetime) -> bool:
        """End a try that decided nothing about the job."""
        return self._update(
            {"_id": job.id, "run": attempt.run, "work.stage": attempt.stage},
            {"$set": {"work": None, "updatedAt": now}},
        )

    def finish(
        self,
        job: Job,
        attempt: Attempt,
        now: datetime,
        *,
        outcome: StageOutcome = "done",
        artifact: Artifact | None = None,
        report: Report | None = None,
    ) -> bool:
        """Record a stage's outcome for a job; the email stage completes the job.

        Returns:
            False if a twin finished first or the job has moved on.
        """
        changes: Row = {"work": None, "updatedAt": now}
        changes[f"stages.{attempt.stage}"] = record_of(attempt, outcome, now, artifact)
        if report is not None:
            changes["report"] = report.to_row()
        if attempt.stage == "email" and outcome == "done" and job.status != "completed":
            changes |= {"status": "completed", "completedAt": now}
        return self._update(
            {**due(attempt), "_id": job.id, "status": job.status}, {"$set": changes}
        )

    def fail(
        self, job: Job, attempt: Attempt, why: Failure, now: datetime
    ) -> str | None:
        """Fail a job and open its dead letter, in one write.

        A completed job stays completed when making it anew fails: its reader
        has the last good report. Only the stage's record says so.

        Returns:
            The id of the dead letter, ``None`` if none was opened.
        """
        record = record_of(attempt, "failed", now)
        where = {**due(attempt), "_id": job.id}
        letter = OpenDeadLetter(
            id=new_id("dl"),
            stage=attempt.stage,
            batch=job.batch,
            try_number=attempt.number,
            round=attempt.round,
            cause=why.cause,
            failed_at=now,
            log_url=attempt.log_url,
        )
        opened = self._fail(job, where, letter, record, why)
        if opened is None:
            self._update(
                {**where, "status": "completed"},
                {
                    "$set": {
                        f"stages.{attempt.stage}": record,
                        "work": None,
                        "updatedAt": now,
                    }
                },
            )
        return opened

    def give_up(
        self, job: Job, stage: Stage, why: Failure, now: datetime
    ) -> str | None:
        """Fail a job from outside its stage: when its run is closed or gone.

        The record carries the round -1, which no task has, so that a clear of
        the stage takes the job up again.

        Returns:
            The id of the dead letter, ``None`` if the job has moved on.
        """
        run = job.run or ""
        record = StageRecord(run=run, round=-1, outcome="failed", finished_at=now)
        where = {"_id": job.id, "run": job.run}
        letter = OpenDeadLetter(
            id=new_id("dl"),
            stage=stage,
            batch=job.batch,
            cause=why.cause,
            failed_at=now,
        )
        return self._fail(job, where, letter, record.to_row(), why)

    def cancel(
        self, job: Job, attempt: Attempt, error: JobError, now: datetime
    ) -> bool:
        """End a job that is no longer wanted: no dead letter, no alarm."""
        record = {f"stages.{attempt.stage}": record_of(attempt, "cancelled", now)}
        where = {**due(attempt), "_id": job.id}
        ended = {"status": "cancelled", "error": error.to_row(), "completedAt": now}
        ended |= {"work": None, "updatedAt": now}
        if self._update(
            {**where, "status": _UNFINISHED}, {"$set": {**record, **ended}}
        ):
            return True
        self._update(
            {**where, "status": "completed"},
            {"$set": {**record, "work": None, "updatedAt": now}},
        )
        return False

    def mark_sent(self, job_id: str, letter_id: str, now: datetime) -> bool:
        """Record that a job's open dead letter is in its queue."""
        return self._update(
            {"_id": job_id, "deadLetter.id": letter_id, "deadLetter.sentAt": None},
            {"$set": {"deadLetter.sentAt": now}},
        )

    def release(self, job: Job, now: datetime) -> bool:
        """Make an orphan pending without a run; what it finished it keeps."""
        return self._update(
            {"_id": job.id, "run": job.run, "status": _UNFINISHED},
            {**unowned(job, now), "$inc": {"releases": 1}},
        )

    def _fail(
        self, job: Job, where: Row, letter: OpenDeadLetter, record: Row, why: Failure
    ) -> str | None:
        """Fail a job and open its dead letter in one write; return the letter's id."""
        failures = job.failures + 1
        failed = self._update(
            {**where, "status": _UNFINISHED, "failures": job.failures},
            {
                "$set": {
                    f"stages.{letter.stage}": record,
                    "status": "failed",
                    "error": _told(why, failures).to_row(),
                    "deadLetter": letter.to_row(),
                    "failures": failures,
                    "firstFailedAt": job.first_failed_at or letter.failed_at,
                    "work": None,
                    "updatedAt": letter.failed_at,
                },
            },
        )
        return letter.id if failed else None

    def _update(self, where: Row, change: Row) -> bool:
        return self._rows.update_one(where, change).modified_count == 1


def _told(why: Failure, failures: int) -> JobError:
    """Return what is said of a failure; one that comes back says how often."""
    again = f" It has failed {failures} times." if failures > 1 else ""
    return JobError(code=why.code, message=f"{why.message}{again}")
