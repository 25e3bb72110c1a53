"""What has happened to a subscription, its week and its report, each with its time."""

from collections.abc import Iterator
from datetime import date, datetime

from trial_reports.audit.trail import SYSTEM, AuditEvent
from trial_reports.explaining import wording
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.models import OperatorDetail, Step, StepCode
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Job
from trial_reports.jobs.requesting import REQUESTED

_MOST_CHANGES = 10
_STATUS_CODES: dict[str, StepCode] = {
    "active": "subscription_resumed",
    "paused": "subscription_paused",
    "unsubscribed": "subscription_ended",
    "disabled": "subscription_disabled",
}
_CHANGED_TO: dict[str, str] = {
    "active": "Your reports were resumed.",
    "paused": "Your reports were paused.",
    "unsubscribed": "Your subscription was ended.",
}
_DECIDED: dict[str, tuple[StepCode, str]] = {
    "redrive": ("report_redriven", "Our team had the report taken up again."),
    "resend_report": ("resend_decided", "Our team had the report mailed once more."),
    "settle_delivery": (
        "mail_settled",
        "Our team found out what became of the mail.",
    ),
}


def what_happened(facts: DeliveryFacts) -> Iterator[Step]:
    """Yield what happened until now, but for the mails, in no particular order."""
    yield _subscribed(facts)
    yield from _status_steps(facts)
    if facts.period.end <= facts.now:
        yield week_ended(facts)
    yield from _recall(facts)
    if facts.job is not None:
        yield _planned(facts, facts.job)
        yield from _stages(facts, facts.job)
        yield from _ending(facts.job)
        yield from _decisions(facts, facts.job)


def status_changes(facts: DeliveryFacts) -> list[tuple[AuditEvent, str]]:
    """Return the changes of the subscription's status, each with what it came to."""
    changes = []
    for event in facts.decisions:
        if event.subject != facts.subscription.id:
            continue
        if event.action == "unsubscribe":
            changes.append((event, "unsubscribed"))
        elif event.action == "disable_subscription":
            changes.append((event, "disabled"))
        elif event.details.get("status") in _STATUS_CODES:
            changes.append((event, str(event.details["status"])))
    return changes


def status_at(facts: DeliveryFacts, instant: datetime) -> str:
    """Return the subscription's status at a time since it was taken."""
    status = "active"
    for event, changed_to in status_changes(facts):
        if event.at <= instant:
            status = changed_to
    return status


def week_ended(facts: DeliveryFacts) -> Step:
    """Return that the week is over, or when it will be."""
    period = facts.period
    last = wording.day(date.fromisoformat(period.last_day))
    over = period.end <= facts.now
    return Step(
        "week_ended" if over else "week_not_over",
        period.end,
        f"The week {period.key} {'ended' if over else 'ends'} on {last} "
        f"in your time zone ({period.time_zone}).",
    )


def _subscribed(facts: DeliveryFacts) -> Step:
    at = facts.subscription.created_at
    return Step("subscribed", at, wording.on("You subscribed.", at, facts.zone))


def _status_steps(facts: DeliveryFacts) -> Iterator[Step]:
    """Yield the changes that could matter to this week's report."""
    until = facts.job.completed_at if facts.job else None
    changes = [
        (event, status)
        for event, status in status_changes(facts)
        if event.at <= (until or facts.now)
    ]
    before = [change for change in changes if change[0].at < facts.period.start]
    since = changes[len(before) :]
    for event, status in [*before[-1:], *since][-_MOST_CHANGES:]:
        told = (
            wording.stopped(event.reason)
            if status == "disabled"
            else wording.on(_CHANGED_TO[status], event.at, facts.zone)
        )
        yield Step(_STATUS_CODES[status], event.at, told, _decided_by(event))


def _recall(facts: DeliveryFacts) -> Iterator[Step]:
    recall = facts.recall
    if recall is None:
        return
    detail = OperatorDetail(scope=recall.study_id, by=recall.by, reason=recall.reason)
    yield Step(
        "report_recalled",
        recall.recalled_at,
        "The study called back its reports of this week: those do not open any more.",
        detail,
    )
    if recall.lifted_at is not None:
        told = "The study's reports of this week may be made and read again."
        yield Step("recall_lifted", recall.lifted_at, told)


def _planned(facts: DeliveryFacts, job: Job) -> Step:
    run = facts.run
    detail = OperatorDetail(
        note=None if run is None else f"Its run stands for {run.as_of:%F %R} UTC.",
        job_id=job.id,
        run_id=job.run,
        batch=job.batch,
        reason=job.reason,
    )
    if job.reason == REQUESTED:
        told = wording.on("The report was asked for.", job.created_at, facts.zone)
        return Step("report_requested", job.created_at, told, detail)
    told = wording.on("The report was planned.", job.created_at, facts.zone)
    return Step("report_planned", job.created_at, told, detail)


def _stages(facts: DeliveryFacts, job: Job) -> Iterator[Step]:
    done: dict[str, tuple[StepCode, str]] = {
        "fetch": ("records_gathered", "Your records of the week were gathered."),
        "aggregate": ("week_summed_up", "Your week was summed up."),
    }
    for stage, record in job.stages.items():
        detail = OperatorDetail(stage=stage, run_id=record.run, round=record.round)
        if record.outcome == "done" and stage in done:
            code, told = done[stage]
            yield Step(code, record.finished_at, told, detail)
        if record.outcome == "failed" and job.status == "completed":
            told = "Making the report anew did not succeed; the earlier one stays."
            yield Step("report_failed", record.finished_at, told, detail)
    if (report := job.report) is not None:
        pages = f"{report.pages} page{'' if report.pages == 1 else 's'}"
        made = wording.moment(report.made_at, facts.zone)
        cut_off = wording.moment(report.cut_off, facts.zone)
        yield Step(
            "report_made",
            report.made_at,
            f"The report was made on {made}, with {pages}, "
            f"from what had reached us by {cut_off}.",
            OperatorDetail(stage="render", job_id=job.id),
        )


def _ending(job: Job) -> Iterator[Step]:
    if job.status == "cancelled" and job.error is not None:
        detail = OperatorDetail(error_code=job.error.code, note=job.error.message)
        told = wording.cancelled(job.error.code)
        yield Step("report_cancelled", job.completed_at or job.updated_at, told, detail)
    if job.first_failed_at is None:
        return
    if job.status != "failed" or job.failures > 1:
        told = "Making or sending the report did not succeed, and was taken up again."
        detail = OperatorDetail(job_id=job.id, failures=job.failures)
        yield Step("report_failed", job.first_failed_at, told, detail)


def failed(job: Job) -> Step:
    """Return how a failed job failed last, with what an operator needs about it."""
    letter, error = job.dead_letter, job.error
    told = "The report could not be made."
    if letter is not None and letter.stage == "email":
        told = "The report could not be mailed."
    if error is not None and error.code == DELIVERY_UNKNOWN:
        told = "We do not know whether the mail with the report has arrived."
    detail = OperatorDetail(
        note=error.message if error else None,
        error_code=error.code if error else None,
        job_id=job.id,
        run_id=job.run,
        tries=job.attempts,
        failures=job.failures,
    )
    at = (letter.failed_at if letter else None) or job.updated_at
    return Step("report_failed", at, told, detail)


def _decisions(facts: DeliveryFacts, job: Job) -> Iterator[Step]:
    for event in facts.decisions:
        if event.subject == job.id and event.action in _DECIDED:
            code, told = _DECIDED[event.action]
            yield Step(code, event.at, told, _decided_by(event))


def _decided_by(event: AuditEvent) -> OperatorDetail:
    note = " ".join(f"{name}={value}" for name, value in event.details.items())
    by = None if event.actor == SYSTEM else event.actor
    return OperatorDetail(note=note or None, by=by, reason=event.reason)
