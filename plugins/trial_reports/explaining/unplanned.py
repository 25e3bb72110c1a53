"""A week without a job: whether there will be one, and why or when."""

from collections.abc import Iterator

from trial_reports.errors import RequestError
from trial_reports.explaining import wording
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.happened import status_at, week_ended
from trial_reports.explaining.models import OperatorDetail, Step, Verdict
from trial_reports.explaining.sending import delivery_steps, unwanted_step
from trial_reports.periods.owed import owed_periods, tick_at_or_after
from trial_reports.subscriptions.rights import check_may_request

_WHILE = {
    "paused": "were paused",
    "disabled": "were stopped",
    "unsubscribed": "had ended",
}


def without_job(facts: DeliveryFacts) -> tuple[Verdict, list[Step]]:
    """Return what a week comes to that no run has planned, and why.

    Args:
        facts: What is known; without a job.
    """
    period, now = facts.period, facts.now
    if period.end <= facts.subscription.created_at:
        return "not_owed", [_subscribed_after_week(facts), *_can_be_requested(facts)]
    if period.end > now:
        return _not_over(facts)
    if period.end <= facts.subscription.reported_through:
        return "not_owed", [*_was_skipped(facts), *_can_be_requested(facts)]
    if (unwanted := unwanted_step(facts)) is not None:
        return "not_owed", [unwanted]
    if not _is_still_owed(facts):
        return "not_owed", [_only_latest_week(), *_can_be_requested(facts)]
    return _will_come(facts)


def _subscribed_after_week(facts: DeliveryFacts) -> Step:
    return Step(
        "subscribed_after_week",
        None,
        "You subscribed after this week: "
        "the first report is about the week in which you subscribed.",
        _how_far(facts),
    )


def _not_over(facts: DeliveryFacts) -> tuple[Verdict, list[Step]]:
    if facts.period.start > facts.now:
        steps = [Step("week_not_begun", None, "This week has not begun yet.")]
    else:
        steps = [week_ended(facts)]
    if (unwanted := unwanted_step(facts)) is not None:
        return "not_owed", [*steps, unwanted]
    if facts.period.start > facts.now:
        return "waiting", steps
    verdict, coming = _will_come(facts)
    return verdict, [*steps, *coming]


def _was_skipped(facts: DeliveryFacts) -> Iterator[Step]:
    due = tick_at_or_after(facts.period.end, facts.schedule)
    status = status_at(facts, due)
    when = wording.moment(due, facts.zone)
    told = "A later run passed this week over."
    if status in _WHILE:
        told = f"On {when}, when this report was due, your reports {_WHILE[status]}."
    yield Step("week_skipped", due, told, _how_far(facts))
    if facts.schedule.catch_up == "latest":
        yield _only_latest_week()


def _only_latest_week() -> Step:
    told = "Of several weeks that were missed, only the latest one's report is made."
    return Step("only_latest_week", None, told)


def _is_still_owed(facts: DeliveryFacts) -> bool:
    """Tell whether the next run makes a report of a week that has ended."""
    due = tick_at_or_after(facts.period.end, facts.schedule)
    through = facts.subscription.reported_through
    owed = owed_periods(
        through, max(due, facts.now), facts.zone, facts.schedule.catch_up
    )
    return facts.period.key in [period.key for period in owed]


def _will_come(facts: DeliveryFacts) -> tuple[Verdict, list[Step]]:
    if facts.is_recalled:
        return "recalled", []
    due = tick_at_or_after(facts.period.end, facts.schedule)
    if due > facts.now:
        when = wording.moment(due, facts.zone)
        told = f"The run that makes this report is on {when}."
        step = Step("run_planned", due, told, _how_far(facts))
    else:
        told = "The report is due, and waits for the next run, which starts soon."
        step = Step("run_due", due, told, _how_far(facts))
    return "waiting", [step, *delivery_steps(facts)]


def _can_be_requested(facts: DeliveryFacts) -> Iterator[Step]:
    if facts.user is None:
        return
    try:
        check_may_request(facts.subscription, facts.user, facts.period, facts.now)
    except RequestError as reason:
        if reason.code == "before_joining":
            told = "You took no part in the study in that week."
            yield Step("before_joining", None, told)
        elif (unwanted := unwanted_step(facts)) is not None:
            yield unwanted
    else:
        told = f"You can ask for the report of the week {facts.period.key}."
        yield Step("can_be_requested", None, told)


def _how_far(facts: DeliveryFacts) -> OperatorDetail:
    subscription = facts.subscription
    return OperatorDetail(
        note=f"Reported through {subscription.reported_through:%F %R} UTC; "
        f"next run {subscription.next_run:%F %R} UTC."
    )
