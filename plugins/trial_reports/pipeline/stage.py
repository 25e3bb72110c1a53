"""The one loop that runs every stage over the jobs of a batch."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from trial_reports.deadletters.causes import failure_of
from trial_reports.errors import (
    Cancelled,
    PermanentError,
    ServiceError,
    ServicePaused,
    StageError,
    TransientError,
    unexpected,
)
from trial_reports.jobs.models import (
    Artifact,
    Attempt,
    Job,
    JobError,
    Report,
    StageOutcome,
)
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

log = logging.getLogger(__name__)

_MAX_REFUSALS = 3
"""Jobs in a row that a service refuses before the batch stops asking it."""

_MAX_BEGUN = 2
"""How often a job may have its worker die before it fails alone."""


@dataclass(frozen=True)
class StageResult:
    """What a stage made of one job."""

    artifact: Artifact | None = None
    report: Report | None = None
    outcome: StageOutcome = "done"


Work = Callable[[Job, Attempt], StageResult]
"""A stage: the work for one job."""


@dataclass
class Summary:
    """How the jobs of one attempt ended, by id."""

    done: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    put_back: list[str] = field(default_factory=list)
    service_error: ServiceError | None = None
    refusals_in_a_row: int = 0

    @property
    def is_service_gone(self) -> bool:
        """Whether asking the service for the other jobs of the batch is no use."""
        paused = isinstance(self.service_error, ServicePaused)
        return paused or self.refusals_in_a_row >= _MAX_REFUSALS

    @property
    def touched(self) -> int:
        """How many jobs the attempt had to do with."""
        return sum(map(len, (self.done, self.cancelled, self.failed, self.put_back)))

    def __str__(self) -> str:
        return (
            f"{len(self.done)} done, {len(self.failed)} failed, "
            f"{len(self.cancelled)} cancelled, {len(self.put_back)} put back"
        )


@dataclass(frozen=True)
class StageRunner:
    """Runs one stage for a batch: each job on its own, whatever the others do."""

    jobs: Jobs
    transitions: Transitions
    clock: Callable[[], datetime]

    def run(self, attempt: Attempt, batch: int, work: Work) -> Summary:
        """Do the stage's work for every job of the batch that is due.

        Args:
            attempt: The try of the mapped task.
            batch: The batch's number.
            work: The stage.

        Returns:
            How the jobs ended.

        Raises:
            ServicePaused: Nobody is served for now; no job is marked.
            ServiceError: A service refuses all of us; no job is marked. Where
                it serves others of the batch, the refused ones are tried again
                like any other.
            TransientError: Some jobs wait for the next try.
            PermanentError: Some jobs failed, in this try or an earlier one of
                the round; nothing is left to try.
        """
        self.transitions.carry_over(attempt, batch)
        summary = Summary()
        for job in self.jobs.due(attempt, batch):
            self._run_job(job, attempt, work, summary)
            if summary.is_service_gone:
                break
        log.info("%s batch %d: %s", attempt.stage, batch, summary)
        self._raise_what_is_left(attempt, batch, summary)
        return summary

    def _run_job(
        self, job: Job, attempt: Attempt, work: Work, summary: Summary
    ) -> None:
        begun = self.transitions.begin(job, attempt, self.clock())
        if begun is None:
            log.info("%s %s: already taken", attempt.stage, job.log_name)
            return
        if begun.work is not None and begun.work.begun > _MAX_BEGUN:
            died = PermanentError(
                "worker_died", f"The worker died {_MAX_BEGUN} times on this job."
            )
            self._fail(begun, attempt, died, summary)
            return
        try:
            result = work(begun, attempt)
        except Cancelled as reason:
            error = JobError(code=reason.code, message=reason.message)
            self.transitions.cancel(begun, attempt, error, self.clock())
            summary.cancelled.append(job.id)
            log.info("%s %s: cancelled, %s", attempt.stage, job.log_name, reason.code)
        except ServiceError as error:
            self._put_back(begun, attempt, error, summary)
            summary.service_error = error
            summary.refusals_in_a_row += 1
            return
        except PermanentError as error:
            self._fail(begun, attempt, error, summary)
        except TransientError as error:
            self._try_again(begun, attempt, error, summary)
        except Exception as bug:  # noqa: BLE001 - one job's bug is not the batch's end
            self._try_again(begun, attempt, unexpected(bug), summary)
        else:
            self.transitions.finish(
                begun,
                attempt,
                self.clock(),
                outcome=result.outcome,
                artifact=result.artifact,
                report=result.report,
            )
            summary.done.append(job.id)
            log.info("%s %s: %s", attempt.stage, job.log_name, result.outcome)
        summary.refusals_in_a_row = 0

    def _try_again(
        self, job: Job, attempt: Attempt, error: StageError, summary: Summary
    ) -> None:
        if attempt.last:
            self._fail(job, attempt, error, summary)
        else:
            self._put_back(job, attempt, error, summary)

    def _put_back(
        self, job: Job, attempt: Attempt, error: StageError, summary: Summary
    ) -> None:
        self.transitions.put_back(job, attempt, self.clock())
        summary.put_back.append(job.id)
        log.warning("%s %s: put back, %s", attempt.stage, job.log_name, error)

    def _fail(
        self, job: Job, attempt: Attempt, error: StageError, summary: Summary
    ) -> None:
        letter = self.transitions.fail(job, attempt, failure_of(error), self.clock())
        summary.failed.append(job.id)
        log.error(
            "%s %s: failed (failure %d, letter %s), %s",
            attempt.stage,
            job.log_name,
            job.failures + 1,
            letter,
            error,
        )

    def _raise_what_is_left(
        self, attempt: Attempt, batch: int, summary: Summary
    ) -> None:
        refusal = summary.service_error
        if isinstance(refusal, ServicePaused) or (refusal and not summary.done):
            raise refusal from None
        if summary.put_back:
            raise TransientError(
                "jobs_put_back", f"{len(summary.put_back)} jobs wait for another try."
            )
        failed = self.jobs.failed_in(attempt, batch)
        if failed:
            ids = ", ".join(
                f"{job.id} ({job.error.code if job.error else 'failed again'})"
                for job in failed
            )
            raise PermanentError("jobs_failed", f"{len(failed)} jobs failed: {ids}")
