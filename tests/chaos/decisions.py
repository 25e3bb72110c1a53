"""The one thing that waits for a person: a mail of which no event tells."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from local_stack.demo.prepare import Installation
from local_stack.mailbox.messages import Message
from trial_reports.audit.trail import Decision
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Job
from trial_reports.pipeline.assembly import ReportPipeline

_BY = "chaos"


def has_unknown_mail(job: Job) -> bool:
    """Tell whether a job has failed since nobody knew whether its mail was taken."""
    return job.error is not None and job.error.code == DELIVERY_UNKNOWN


def arrived(job: Job, mails: Iterable[Message]) -> bool:
    """Tell whether a job's present mail is among those that the provider has."""
    wanted = {"jobId": job.id, "sendNo": str(job.send_no)}.items()
    return any(wanted <= mail.custom_args.items() for mail in mails)


def decide(installation: Installation, jobs: Sequence[Job]) -> int:
    """Have those reports mailed again whose unknown mail has not arrived.

    One that has arrived is none of a person's business: an event tells of it.

    Args:
        installation: The product; the mail provider is well.
        jobs: All jobs, none of them still at work.

    Returns:
        How many there were.
    """
    mails = installation.stack.services.mailbox.messages()
    lost = [job for job in jobs if has_unknown_mail(job) and not arrived(job, mails)]
    settling = ReportPipeline(
        settings=installation.settings,
        database=installation.database,
        storage=installation.storage,
        queues=installation.queues,
        clock=lambda: datetime.now(UTC),
    ).desk.settling
    decision = Decision(new_id("dec"), _BY, "not in the mailbox")
    for job in lost:
        settling.settle(job.id, "not_arrived", decision, datetime.now(UTC))
    return len(lost)
