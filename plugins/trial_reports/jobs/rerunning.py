"""Having an ended report made anew, because an operator says so."""

from dataclasses import dataclass
from datetime import datetime

from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job


@dataclass(frozen=True)
class JobRerunning:
    """Reopens jobs, each with a reason."""

    decisions: Decisions
    audit: AuditTrail

    def rerun(self, job: Job, decision: Decision, now: datetime) -> None:
        """Have a report made anew from the beginning; the next run does it.

        Its mail is not repeated, and its last good PDF stays until a new one is
        made.

        Args:
            job: A job that has ended.
            decision: Whose it is, and why. Repeating it does nothing.
            now: The time of the call, UTC.

        Raises:
            RequestError: ``job_not_ended``: it is being made at the moment.
        """
        if decision.id in job.reopened_by:
            return
        if job.status in ("pending", "processing"):
            raise _not_ended(job)
        self.audit.record(decision, "rerun_job", job.id, now, status_was=job.status)
        if not self.decisions.reopen(decision.id, [job.id], now):
            raise _not_ended(job)


def _not_ended(job: Job) -> RequestError:
    return RequestError(
        "job_not_ended", f"{job.id} is being made; wait until it has ended."
    )
