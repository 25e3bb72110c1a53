"""How a job stands now, and what it comes to."""

from collections.abc import Iterator

from trial_reports.delivery.models import DeliveryStatus
from trial_reports.explaining import wording
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.models import OperatorDetail, Step, Verdict
from trial_reports.explaining.sending import delivery_steps, unwanted_step
from trial_reports.identifiers import fingerprint
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Job

_HANDED_OVER: dict[DeliveryStatus, Verdict] = {
    "accepted": "sent",
    "delivered": "delivered",
    "dropped": "dropped",
    "bounced": "bounced",
    "complained": "complained",
}


def verdict_of(facts: DeliveryFacts, job: Job) -> Verdict:
    """Return what a job comes to; what is known of its mail comes first."""
    if facts.is_recalled:
        return "recalled"
    if facts.mail is not None and facts.mail.status in _HANDED_OVER:
        return _HANDED_OVER[facts.mail.status]
    match job.status:
        case "completed":
            return "sent"
        case "cancelled":
            return "cancelled"
        case "failed":
            is_unknown = job.error is not None and job.error.code == DELIVERY_UNKNOWN
            return "unknown" if is_unknown else "failed"
    return _verdict_of_unfinished(facts, job)


def _verdict_of_unfinished(facts: DeliveryFacts, job: Job) -> Verdict:
    if facts.mail is not None and facts.mail.status == "unknown":
        return "unknown"
    if facts.unwanted is not None:
        return "cancelled"
    if job.run is None or (job.stage == "email" and facts.is_delivery_closed):
        return "waiting"
    return "on_its_way"


def how_it_stands(facts: DeliveryFacts, job: Job) -> Iterator[Step]:
    """Yield what holds for a job and its report at this moment."""
    if job.status == "failed":
        yield _waiting_for_operator(job)
    if facts.is_unfinished:
        yield from _in_work(facts, job)
    if facts.mail_is_handed_over and not facts.is_recalled:
        yield from _link(facts)


def _in_work(facts: DeliveryFacts, job: Job) -> Iterator[Step]:
    is_unknown = facts.mail is not None and facts.mail.status == "unknown"
    if not is_unknown:  # of such a mail its own step says that nobody goes on
        yield _place_in_work(facts, job)
    if _more_than_one_try(job):
        told = "Some steps had to be begun more than once."
        yield Step("tried_again", None, told, _place(job))
    if facts.mail_is_handed_over:
        told = "The report is made anew; its mail was sent and is not repeated."
        yield Step("made_anew", None, told)
    elif (unwanted := unwanted_step(facts)) is not None:
        yield unwanted
    elif not is_unknown:
        yield from delivery_steps(facts)


def _place_in_work(facts: DeliveryFacts, job: Job) -> Step:
    if job.run is None:
        told = "The report waits for the next run, which starts soon."
        detail = OperatorDetail(job_id=job.id, releases=job.releases)
        return Step("waiting_for_run", None, told, detail)
    if job.work is None:
        return Step("waiting_for_stage", None, wording.DUE_NEXT[job.stage], _place(job))
    since = wording.moment(job.updated_at, facts.zone)
    told = f"{wording.BUSY_WITH[job.work.stage]} This began on {since}."
    return Step("in_stage", job.updated_at, told, _place(job))


def _more_than_one_try(job: Job) -> bool:
    """Tell whether a stage was begun again without anybody's asking for the report."""
    if job.reopened_by:
        return False
    ended = len([r for r in job.stages.values() if r.outcome != "failed"])
    mailed_before = job.send_no
    return job.attempts > ended + mailed_before + (job.work is not None)


def _place(job: Job) -> OperatorDetail:
    return OperatorDetail(
        job_id=job.id,
        stage=job.work.stage if job.work else job.stage,
        run_id=job.run,
        batch=job.batch,
        round=job.work.round if job.work else None,
        tries=job.attempts,
        releases=job.releases,
    )


def _waiting_for_operator(job: Job) -> Step:
    told = "Our team has been told, and decides how it goes on."
    letter = job.dead_letter
    if letter is None:
        return Step("waiting_for_operator", None, told, _place(job))
    detail = OperatorDetail(
        note=wording.WHO_CAN_HELP[letter.cause],
        job_id=job.id,
        stage=letter.stage,
        run_id=job.run,
        batch=letter.batch,
        round=letter.round,
        try_number=letter.try_number,
        tries=job.attempts,
        log_url=letter.log_url,
        dead_letter_id=letter.id,
        cause=letter.cause,
        error_code=job.error.code if job.error else None,
        failures=job.failures,
    )
    return Step("waiting_for_operator", None, told, detail)


def _link(facts: DeliveryFacts) -> Iterator[Step]:
    link, user = facts.link, facts.user
    if link is None:
        return
    if link.revoked_at is not None:
        yield Step("link_closed", None, "The link in the mail has been closed.")
    elif link.expires_at <= facts.now:
        ended = wording.moment(link.expires_at, facts.zone)
        yield Step("link_expired", None, f"The link in the mail expired on {ended}.")
    elif user is not None and fingerprint(user.email) != link.sent_to:
        told = "The link opens nothing any more: your e-mail address has changed."
        yield Step("link_address_changed", None, told)
