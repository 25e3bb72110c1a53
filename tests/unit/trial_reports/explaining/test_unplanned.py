"""A week that no run has planned: whether a report comes, and why or when."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON, PERIOD, WEDNESDAY, a_membership
from tests.unit.trial_reports.explaining.builders import (
    DAY,
    HOUR,
    PLANNED,
    TUESDAY,
    a_decided,
    a_recall,
    facts,
    reader,
    status_change,
    subscription,
)
from trial_reports.delivery.controls import Control, Pause
from trial_reports.explaining.explanation import explain
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.periods.models import ReportingPeriod
from trial_reports.settings import Schedule

MORNING = MONDAY_NOON - 3 * HOUR
BEFORE = PERIOD.earlier(1)
LATER = PERIOD.following()
RESUMED = subscription(
    created_at=WEDNESDAY - 14 * DAY, reported_through=BEFORE.earlier(1).end
)
PAUSED_AT_NIGHT = Pause(by="olivia", reason="a storm", at=MORNING)


def codes(known: DeliveryFacts) -> list[str]:
    return [step.code for step in explain(known).steps]


CASES: dict[str, tuple[DeliveryFacts, str, list[str]]] = {
    "in the week": (
        facts(now=WEDNESDAY + HOUR),
        "waiting",
        ["subscribed", "week_not_over", "run_planned"],
    ),
    "a week that has not begun": (
        facts(period=LATER, now=WEDNESDAY + HOUR),
        "waiting",
        ["subscribed", "week_not_begun"],
    ),
    "the last week that the calendar has": (
        facts(period=ReportingPeriod.parse("9999-W51", "UTC")),
        "waiting",
        ["subscribed", "week_not_begun"],
    ),
    "before the weekly run": (
        facts(now=MORNING),
        "waiting",
        ["subscribed", "week_ended", "run_planned"],
    ),
    "after the weekly run should have been": (
        facts(),
        "waiting",
        ["subscribed", "week_ended", "run_due"],
    ),
    "delivery is paused": (
        facts(controls=(Control(id="all", pause=PAUSED_AT_NIGHT),)),
        "waiting",
        ["subscribed", "week_ended", "run_due", "delivery_paused"],
    ),
    "recalled before it was made": (
        facts(recall=a_recall()),
        "recalled",
        ["subscribed", "week_ended", "report_recalled"],
    ),
    "a week before subscribing": (
        facts(period=BEFORE),
        "not_owed",
        ["week_ended", "subscribed", "subscribed_after_week", "can_be_requested"],
    ),
    "a week before joining": (
        facts(
            period=BEFORE,
            user=reader(memberships=(a_membership(since=PERIOD.start),)),
        ),
        "not_owed",
        ["week_ended", "subscribed", "subscribed_after_week", "before_joining"],
    ),
    "paused": (
        facts(
            subscription=subscription(status="paused"),
            decisions=(status_change("paused", WEDNESDAY + HOUR),),
        ),
        "not_owed",
        ["subscribed", "subscription_paused", "week_ended", "paused"],
    ),
    "unsubscribed before the week was over": (
        facts(
            subscription=subscription(status="unsubscribed", open=False),
            decisions=(status_change("unsubscribed", WEDNESDAY + HOUR),),
            now=WEDNESDAY + 2 * HOUR,
        ),
        "not_owed",
        ["subscribed", "subscription_ended", "week_not_over", "unsubscribed"],
    ),
    "unsubscribed at the mail provider": (
        facts(
            subscription=subscription(status="unsubscribed", open=False),
            decisions=(a_decided("unsubscribe", "sub_ada", WEDNESDAY + HOUR),),
        ),
        "not_owed",
        ["subscribed", "subscription_ended", "week_ended", "unsubscribed"],
    ),
    "disabled": (
        facts(
            subscription=subscription(
                status="disabled", disabled_reason="mail_bounced"
            ),
            decisions=(a_decided("disable_subscription", "sub_ada", WEDNESDAY + HOUR),),
        ),
        "not_owed",
        ["subscribed", "subscription_disabled", "week_ended", "disabled"],
    ),
    "withdrawn": (
        facts(user=reader(memberships=())),
        "not_owed",
        ["subscribed", "week_ended", "withdrawn"],
    ),
    "gone": (facts(user=None), "not_owed", ["subscribed", "week_ended", "withdrawn"]),
    "no consent to mail": (
        facts(user=reader(email_consent=False)),
        "not_owed",
        ["subscribed", "week_ended", "email_not_allowed"],
    ),
    "passed over while paused": (
        facts(
            subscription=PLANNED.model_copy(update={"reported_through": LATER.end}),
            decisions=(
                status_change("paused", WEDNESDAY + HOUR),
                status_change("active", TUESDAY),
            ),
            now=TUESDAY + 7 * DAY,
        ),
        "not_owed",
        [
            "subscribed",
            "subscription_paused",
            "week_ended",
            "subscription_resumed",
            "week_skipped",
            "only_latest_week",
            "can_be_requested",
        ],
    ),
    "an older one of several missed weeks": (
        facts(subscription=RESUMED, period=BEFORE),
        "not_owed",
        ["subscribed", "week_ended", "only_latest_week", "can_be_requested"],
    ),
    "the same where all missed weeks are made": (
        facts(subscription=RESUMED, period=BEFORE, schedule=Schedule(catch_up="all")),
        "waiting",
        ["subscribed", "week_ended", "run_due"],
    ),
    "the latest of several missed weeks": (
        facts(subscription=RESUMED),
        "waiting",
        ["subscribed", "week_ended", "run_due"],
    ),
}


@pytest.mark.parametrize(("known", "verdict", "steps"), CASES.values(), ids=CASES)
def test_a_week_without_a_job(
    known: DeliveryFacts, verdict: str, steps: list[str]
) -> None:
    explanation = explain(known)

    assert [step.code for step in explanation.steps] == steps
    assert explanation.verdict == verdict


def test_it_says_when_the_week_ends_and_when_the_run_is() -> None:
    week = ReportingPeriod.parse("2026-W47", "Europe/Berlin")
    *_, ends, run = explain(facts(period=week, now=WEDNESDAY + HOUR)).steps

    assert ends.sentence == (
        "The week 2026-W47 ends on Sunday 22 November 2026 "
        "in your time zone (Europe/Berlin)."
    )
    assert run.at == MONDAY_NOON
    assert run.sentence == (
        "The run that makes this report is on Monday 23 November 2026 at 13:00."
    )


def test_a_week_that_was_due_in_a_pause_says_so() -> None:
    known, *_ = CASES["passed over while paused"]
    skipped = next(s for s in explain(known).steps if s.code == "week_skipped")

    assert skipped.sentence == (
        "On Monday 23 November 2026 at 12:00, when this report was due, "
        "your reports were paused."
    )


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("mail_bounced", "your address did not take our mail"),
        ("mail_complained", "reported as spam"),
        ("unreadable", "Your reports were stopped. To have them"),
    ],
)
def test_a_stopped_subscription_says_why_and_what_helps(reason: str, told: str) -> None:
    stopped = subscription(status="disabled", disabled_reason=reason)
    *_, last = explain(facts(subscription=stopped)).steps

    assert told in last.sentence
    assert last.sentence.endswith("please unsubscribe and subscribe again.")
    assert last.detail is not None
    assert last.detail.reason == reason


def test_of_many_changes_only_the_last_ones_are_told() -> None:
    def at(minutes: int) -> datetime:
        return WEDNESDAY + timedelta(minutes=minutes)

    changes = [
        status_change("active" if n % 2 else "paused", at(n)) for n in range(100)
    ]
    told = codes(facts(decisions=tuple(changes)))

    assert sum(code.startswith("subscription_") for code in told) == 10


def test_what_is_not_about_the_status_is_no_step() -> None:
    change: dict[str, Any] = {"date_range": "last_2_weeks"}
    filtered = a_decided("change_subscription", "sub_ada", WEDNESDAY + HOUR, **change)

    assert codes(facts(decisions=(filtered,))) == codes(facts())
