"""The dead letter: what an operator gets about a failed job."""

from datetime import datetime
from typing import Literal

from trial_reports.database.model import Value
from trial_reports.jobs.models import Job, Stage


class DeadLetter(Value):
    """A message of the queue ``<prefix>-<stage>-dlq``; ids and codes only.

    SQS may hold it twice: readers go by ``id``, and a letter that is not its
    job's open one any more is out of date.
    """

    version: Literal[1] = 1
    id: str
    stage: Stage
    job_id: str
    subscription_id: str
    period: str
    run: str | None
    batch: int | None
    attempts: int
    failures: int
    code: str
    message: str
    failed_at: datetime

    @classmethod
    def about(cls, job: Job) -> "DeadLetter":
        """Return the letter for a job that has just failed."""
        if job.dead_letter is None or job.error is None:
            raise LookupError(f"{job.id} has no open dead letter")
        return cls(
            id=job.dead_letter.id,
            stage=job.dead_letter.stage,
            job_id=job.id,
            subscription_id=job.subscription_id,
            period=job.period.key,
            run=job.run,
            batch=job.batch,
            attempts=job.attempts,
            failures=job.failures,
            code=job.error.code,
            message=job.error.message,
            failed_at=job.updated_at,
        )
