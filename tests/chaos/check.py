"""What must be true when all is quiet again."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from local_stack.mailbox.messages import Message
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import Job


def violations(
    owed: Collection[str],
    jobs: Sequence[Job],
    mails: Sequence[Message],
    letters: Iterable[DeadLetter],
) -> list[str]:
    """Return every promise that was broken.

    Args:
        owed: The subscriptions that are owed one report.
        jobs: All jobs.
        mails: Everything the provider has accepted.
        letters: Everything in the dead-letter queues; one may be there twice.
    """
    sent = Counter(mail.custom_args.get("jobId", "") for mail in mails)
    sent_once = Counter(
        (mail.custom_args.get("jobId", ""), mail.custom_args.get("sendNo", "0"))
        for mail in mails
    )
    queued = {(letter.id, letter.job_id) for letter in letters}
    return [
        *_wrong_number_of_jobs(owed, jobs),
        *(
            f"{job}: mailed {number} times as number {send_no}"
            for (job, send_no), number in sent_once.items()
            if number > 1
        ),
        *(f"{job}: mailed, and there is no such job" for job in _strangers(sent, jobs)),
        *(
            f"{job.id} ({_state(job)}): {what}"
            for job in jobs
            for what in _broken_promises(job, sent[job.id], queued)
        ),
    ]


def _wrong_number_of_jobs(owed: Collection[str], jobs: Sequence[Job]) -> Iterator[str]:
    numbers = Counter(job.subscription_id for job in jobs)
    for subscription in sorted({*owed, *numbers}):
        expected = 1 if subscription in owed else 0
        if numbers[subscription] != expected:
            yield f"{subscription}: {numbers[subscription]} jobs, owed {expected}"


def _strangers(sent: Iterable[str], jobs: Iterable[Job]) -> list[str]:
    return sorted(set(sent) - {job.id for job in jobs})


def _state(job: Job) -> str:
    return f"{job.status} {job.error.code}" if job.error else job.status


def _broken_promises(
    job: Job, mails: int, queued: Collection[tuple[str, str]]
) -> Iterator[str]:
    if job.status in ("pending", "processing"):
        yield f"has not ended, owned by {job.run}"
        return
    yield from _wrong_letter(job, queued)
    if job.status == "completed":
        if mails != 1:
            yield f"has {mails} mails"
        if job.report is None:
            yield "has no report"
    elif mails:
        yield f"has {mails} mails"


def _wrong_letter(job: Job, queued: Collection[tuple[str, str]]) -> Iterator[str]:
    letter = job.dead_letter
    if job.status != "failed":
        if letter is not None:
            yield f"has an open dead letter {letter.id}"
        return
    if job.error is None:
        yield "does not say why"
    if letter is None:
        yield "has no dead letter"
        return
    if letter.sent_at is None:
        yield f"dead letter {letter.id} is not marked sent"
    if (letter.id, job.id) not in queued:
        yield f"dead letter {letter.id} is not in its queue"
