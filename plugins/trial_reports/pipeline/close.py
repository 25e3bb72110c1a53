"""Closing a run: every job of it is accounted for."""

import logging
from dataclasses import dataclass
from datetime import datetime

from trial_reports.deadletters.outbox import Outbox
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import HANDED_OVER
from trial_reports.errors import PermanentError
from trial_reports.jobs.models import Job, JobError
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.runs.models import Totals
from trial_reports.runs.repository import Runs

log = logging.getLogger(__name__)

DELIVERY_UNKNOWN = JobError(
    code="delivery_unknown",
    message="The provider may or may not have the mail; it is not sent again blindly.",
)


@dataclass(frozen=True)
class RunCloser:
    """Closes runs over the product's collections."""

    jobs: Jobs
    ledger: Ledger
    transitions: Transitions
    runs: Runs
    outbox: Outbox
    max_failed_share: float

    def close(self, run: str, now: datetime) -> Totals:
        """Settle what the stages left open, and write the run's totals.

        Args:
            run: The run whose tasks have all ended.
            now: The time of the call, UTC.

        Returns:
            How the run's jobs ended.

        Raises:
            PermanentError: ``jobs_unaccounted`` if a job has not ended: the
                dispatcher will take it up; ``too_many_failures`` if the share
                of failed jobs exceeds the limit.
        """
        for job in self.jobs.unfinished_of(run):
            email = job.stages.get("email")
            if email is not None and email.outcome == "unknown":
                self._settle_mail(job, now)
        self.outbox.send_unsent(now)
        totals = self.jobs.totals(run)
        self.runs.close(run, totals, now)
        log.info("Run %s: %s", run, totals)
        if totals.unaccounted:
            raise PermanentError(
                "jobs_unaccounted", f"{totals.unaccounted} jobs have not ended."
            )
        if totals.failed > self.max_failed_share * totals.jobs:
            raise PermanentError(
                "too_many_failures", f"{totals.failed} of {totals.jobs} jobs failed."
            )
        return totals

    def _settle_mail(self, job: Job, now: datetime) -> None:
        delivery = self.ledger.find(job.id, job.user_id)
        if delivery is not None and delivery.status in HANDED_OVER:
            self.transitions.confirm_mail(job, now)
        else:
            self.transitions.give_up(job, "email", DELIVERY_UNKNOWN, now)
