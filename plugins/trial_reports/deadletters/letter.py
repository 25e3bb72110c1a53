"""The dead letter: what an operator gets about a failed job."""

from datetime import datetime
from typing import Literal

from trial_reports.database.model import Value
from trial_reports.jobs.models import Cause, Job, Stage


class DeadLetter(Value):
    """A message of the queue ``<prefix>-<stage>-dlq``; ids, codes, counts, times.

    Everything comes from the job's row, so whoever writes it, and whenever,
    writes the same. SQS may hold it twice: readers go by ``id``, and a letter
    that is not its job's open one any more is out of date.

    ``try_number``, ``round`` and ``log_url`` are missing where the job was given
    up from outside its task. ``failures`` counts every failure of the job.
    """

    version: Literal[1] = 1
    id: str
    stage: Stage
    job_id: str
    subscription_id: str
    period: str
    run: str | None
    batch: int | None
    try_number: int | None
    round: int | None
    attempts: int
    failures: int
    cause: Cause
    code: str
    message: str
    job_created_at: datetime
    first_failed_at: datetime
    failed_at: datetime
    log_url: str | None

    @classmethod
    def about(cls, job: Job) -> "DeadLetter":
        """Return the letter for a failed job.

        Raises:
            LookupError: The job has no open dead letter.
        """
        if job.dead_letter is None or job.error is None:
            raise LookupError(f"{job.id} has no open dead letter")
        failed_at = job.dead_letter.failed_at or job.updated_at
        return cls(
            id=job.dead_letter.id,
            stage=job.dead_letter.stage,
            job_id=job.id,
            subscription_id=job.subscription_id,
            period=job.period.key,
            run=job.run,
            batch=job.dead_letter.batch,
            try_number=job.dead_letter.try_number,
            round=job.dead_letter.round,
            attempts=job.attempts,
            failures=job.failures,
            cause=job.dead_letter.cause,
            code=job.error.code,
            message=job.error.message,
            job_created_at=job.created_at,
            first_failed_at=job.first_failed_at or failed_at,
            failed_at=failed_at,
            log_url=job.dead_letter.log_url,
        )
