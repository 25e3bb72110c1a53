"""The one thing that waits for a person: was the mail taken, or not?"""

from collections.abc import Sequence
from datetime import UTC, datetime

from local_stack.demo.prepare import Installation
from tests.chaos.check import DELIVERY_UNKNOWN
from trial_reports.audit.trail import Decision
from trial_reports.delivery.settling import Finding
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job
from trial_reports.pipeline.assembly import ReportPipeline

_BY = "chaos"


def decide(installation: Installation, jobs: Sequence[Job]) -> int:
    """Look into the mailbox for every job whose mail is unknown, and settle it.

    Args:
        installation: The product; the mail provider is well.
        jobs: All jobs, none of them still at work.

    Returns:
        How many there were.
    """
    unknown = [job for job in jobs if job.error and job.error.code == DELIVERY_UNKNOWN]
    arrived = {
        mail.custom_args.get("jobId")
        for mail in installation.stack.services.mailbox.messages()
    }
    settling = ReportPipeline(
        settings=installation.settings,
        database=installation.database,
        storage=installation.storage,
        queues=installation.queues,
        clock=lambda: datetime.now(UTC),
    ).desk.settling
    decision = Decision(new_id("dec"), _BY, "seen in the mailbox")
    for job in unknown:
        finding: Finding = "arrived" if job.id in arrived else "not_arrived"
        settling.settle(job.id, finding, decision, datetime.now(UTC))
    return len(unknown)
