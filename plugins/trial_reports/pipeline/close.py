"""Closing a run: every job of it is accounted for."""

import logging
from dataclasses import dataclass
from datetime import datetime

from trial_reports.alarms.repository import Alarms
from trial_reports.deadletters.outbox import Outbox
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import HANDED_OVER
from trial_reports.errors import PermanentError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Failure, Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.runs.models import Totals
from trial_reports.runs.repository import Runs

log = logging.getLogger(__name__)

_UNKNOWN = Failure(
    code=DELIVERY_UNKNOWN,
    message="The provider may or may not have the mail; it is not sent again blindly.",
    cause="delivery",
)


@dataclass(frozen=True)
class RunCloser:
    """Closes runs over the product's collections."""

    jobs: Jobs
    ledger: Ledger
    transitions: Transitions
    decisions: Decisions
    runs: Runs
    outbox: Outbox
    alarms: Alarms
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
        wrong = self._what_is_wrong(totals)
        if wrong is None:
            self.alarms.end("run_incomplete", run, now)
            return totals
        self.alarms.raise_once("run_incomplete", run, wrong.message, now)
        raise wrong

    def _what_is_wrong(self, totals: Totals) -> PermanentError | None:
        if totals.unaccounted:
            return PermanentError(
                "jobs_unaccounted", f"{totals.unaccounted} jobs have not ended."
            )
        if totals.failed > self.max_failed_share * totals.jobs:
            return PermanentError(
                "too_many_failures", f"{totals.failed} of {totals.jobs} jobs failed."
            )
        return None

    def _settle_mail(self, job: Job, now: datetime) -> None:
        delivery = self.ledger.find(job.id, job.user_id, job.send_no)
        if delivery is not None and delivery.status in HANDED_OVER:
            self.decisions.confirm_mail(job, now)
        else:
            self.transitions.give_up(job, "email", _UNKNOWN, now)
