"""Mails about which somebody has to decide, or to send once more."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import HANDED_OVER
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Job
from trial_reports.jobs.repository import Jobs

log = logging.getLogger(__name__)

Finding = Literal["arrived", "not_arrived"]
"""What a person has found out about a mail whose outcome was unknown."""


@dataclass(frozen=True)
class MailSettling:
    """Settles unknown mails and has reports mailed again, with a reason."""

    jobs: Jobs
    ledger: Ledger
    decisions: Decisions
    audit: AuditTrail

    def settle_known(self, now: datetime) -> int:
        """Complete failed jobs whose mail the provider turns out to have.

        The sender may have been slower than our patience with it, and events of
        the provider come late.

        Returns:
            How many jobs were completed and their dead letters closed.
        """
        return sum(self.settle_one(job, now) for job in self.jobs.with_unknown_mail())

    def settle_one(self, job: Job, now: datetime) -> bool:
        """Complete a job if its mail was unknown and the provider turns out to have it.

        Returns:
            Whether it was completed.
        """
        delivery = self.ledger.find(job.id, job.user_id, job.send_no)
        if delivery is None or delivery.status not in HANDED_OVER:
            return False
        return self.decisions.confirm_mail(job, now)

    def settle(
        self, job_id: str, finding: Finding, decision: Decision, now: datetime
    ) -> None:
        """Act on what a person has found out about a job's unknown mail.

        Args:
            job_id: A job that failed with ``delivery_unknown``.
            finding: ``arrived`` completes the job; ``not_arrived`` mails its
                report again, under the next send number.
            decision: Whose it is, and how they know. Repeating it does nothing.
            now: The time of the call, UTC.

        Raises:
            RequestError: ``job_not_found``; ``nothing_to_settle`` if the job's
                mail is not unknown, or no longer.
        """
        job = self._job(job_id)
        letter = job.dead_letter
        if decision.id in job.decided_by:
            return
        if letter is None or job.error is None or job.error.code != DELIVERY_UNKNOWN:
            raise _nothing_to_settle(job)
        self._note("settle_delivery", job, decision, now, finding=finding)
        if finding == "arrived":
            self.ledger.confirm(job.id, job.user_id, now, job.send_no)
            done = self.decisions.confirm_mail(job, now, decision.id)
        else:
            done = self.decisions.send_again(job, letter.id, decision.id, now)
        if not done:
            raise _nothing_to_settle(job)

    def resend(self, job_id: str, decision: Decision, now: datetime) -> None:
        """Have a completed job's report mailed once more; the next run does it.

        Args:
            job_id: A completed job.
            decision: Whose it is, and why the first mail was not enough.
                Repeating it mails nothing more.
            now: The time of the call, UTC.

        Raises:
            RequestError: ``job_not_found``; ``not_completed``.
        """
        job = self._job(job_id)
        if decision.id in job.decided_by:
            return
        if job.status != "completed":
            raise _not_completed(job)
        self._note("resend_report", job, decision, now, send_no=job.send_no + 1)
        if not self.decisions.resend(job, decision.id, now):
            raise _not_completed(job)

    def _job(self, job_id: str) -> Job:
        job = self.jobs.find(job_id)
        if job is None:
            raise RequestError("job_not_found", "There is no job with this id.")
        return job

    def _note(
        self,
        action: str,
        job: Job,
        decision: Decision,
        now: datetime,
        **details: str | int,
    ) -> None:
        """Write it down first: nothing is done without a trace."""
        self.audit.record(decision, action, job.id, now, **details)


def _not_completed(job: Job) -> RequestError:
    return RequestError(
        "not_completed", f"{job.id} is {job.status}; only a sent report is resent."
    )


def _nothing_to_settle(job: Job) -> RequestError:
    return RequestError("nothing_to_settle", f"The mail of {job.id} is not unknown.")
