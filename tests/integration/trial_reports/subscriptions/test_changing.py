"""Changing a subscription: each wish counts once, and none is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    WEDNESDAY,
    a_job,
    a_subscription,
)
from trial_reports.errors import RequestError
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.periods.owed import owed_periods
from trial_reports.settings import Schedule
from trial_reports.subscriptions.changing import SubscriptionChanging, WantedStatus
from trial_reports.subscriptions.conflicts import SubscriptionConflict
from trial_reports.subscriptions.models import Filters, ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User

WEEK = timedelta(days=7)
Rows = Database[dict[str, Any]]


def test_filters_merge_and_everything_else_stays(
    changing: SubscriptionChanging, subscription: ReportSubscription
) -> None:
    changing.change(
        subscription.id, filters=Filters(file_types=("pdf",)), by="usr", now=WEDNESDAY
    )
    changed = changing.change(
        subscription.id,
        filters=Filters(date_range="last_2_weeks"),
        by="usr",
        now=MONDAY_NOON,
    )

    both = Filters(date_range="last_2_weeks", file_types=("pdf",))
    assert changed == subscription.model_copy(
        update={"filters": both, "revision": 3, "updated_at": MONDAY_NOON}
    )
    assert changing.subscriptions.find(subscription.id) == changed


@pytest.mark.parametrize("status", ["paused", "unsubscribed", "active"])
def test_a_repeated_wish_succeeds_and_changes_nothing_more(
    changing: SubscriptionChanging,
    subscription: ReportSubscription,
    status: WantedStatus,
) -> None:
    first = changing.change(
        subscription.id, status=status, expected_revision=1, by="usr", now=WEDNESDAY
    )
    again = changing.change(
        subscription.id, status=status, expected_revision=1, by="usr", now=MONDAY_NOON
    )

    assert again == first
    assert first.status == status
    events = changing.audit.about(subscription.id)
    assert len(events) == first.revision - 1


def test_who_wrote_over_unseen_changes_is_shown_them(
    changing: SubscriptionChanging, subscription: ReportSubscription
) -> None:
    paused = changing.change(
        subscription.id, status="paused", expected_revision=1, by="usr", now=WEDNESDAY
    )

    with pytest.raises(SubscriptionConflict) as refused:
        changing.change(
            subscription.id,
            filters=Filters(file_types=()),
            expected_revision=1,
            by="usr",
            now=WEDNESDAY,
        )

    assert refused.value.subscription == paused
    assert changing.subscriptions.find(subscription.id) == paused


def test_after_a_pause_only_the_last_week_is_owed_and_at_once(
    changing: SubscriptionChanging,
    subscriptions: Subscriptions,
    subscription: ReportSubscription,
) -> None:
    changing.change(subscription.id, status="paused", by="usr", now=WEDNESDAY)
    back = WEDNESDAY + 5 * WEEK
    assert not subscriptions.any_owed(back)

    resumed = changing.change(subscription.id, status="active", by="usr", now=back)

    assert subscriptions.any_owed(back)
    owed = owed_periods(resumed.reported_through, back, "UTC", Schedule().catch_up)
    assert owed == [PERIOD.earlier(-4)]


def test_a_change_does_not_undo_a_plan_that_came_between(
    changing: SubscriptionChanging,
    subscriptions: Subscriptions,
    subscription: ReportSubscription,
) -> None:
    planned = (PERIOD.end, MONDAY_NOON + WEEK)
    paused = subscription.model_copy(update={"status": "paused", "revision": 2})
    subscriptions.advance({subscription.id: planned})

    assert not subscriptions.replace(subscription, paused)
    changed = changing.change(subscription.id, status="paused", by="u", now=MONDAY_NOON)

    assert (changed.reported_through, changed.next_run) == planned


def test_many_changes_at_once_are_all_kept(
    changing: SubscriptionChanging, subscription: ReportSubscription
) -> None:
    wishes: list[Callable[[], ReportSubscription]] = [
        lambda: changing.change(
            subscription.id, status="paused", by="u", now=WEDNESDAY
        ),
        lambda: changing.change(
            subscription.id, filters=Filters(file_types=()), by="u", now=WEDNESDAY
        ),
        lambda: changing.change(
            subscription.id,
            filters=Filters(date_range="last_4_weeks"),
            by="u",
            now=WEDNESDAY,
        ),
    ]
    with ThreadPoolExecutor(3) as people:
        list(people.map(lambda wish: wish(), wishes))

    after = changing.subscriptions.find(subscription.id)
    assert after is not None
    assert after.status == "paused"
    assert after.filters == Filters(date_range="last_4_weeks", file_types=())
    assert after.revision == 4


def test_ending_cancels_what_was_not_sent_even_if_the_first_try_died_in_between(
    changing: SubscriptionChanging,
    subscriptions: Subscriptions,
    subscription: ReportSubscription,
    database: Rows,
) -> None:
    job = a_job(subscription_id=subscription.id, user_id=subscription.user_id)
    Transitions(database).create([job])
    subscriptions.close(subscription.id, WEDNESDAY)

    changing.change(subscription.id, status="unsubscribed", by="u", now=WEDNESDAY)

    cancelled = Jobs(database).find(job.id)
    assert cancelled is not None
    assert cancelled.error is not None
    assert (cancelled.status, cancelled.error.code) == ("cancelled", "unsubscribed")


@pytest.mark.parametrize(
    ("state", "wish", "code"),
    [
        (
            {"open": False, "status": "unsubscribed"},
            {"status": "active"},
            "subscription_ended",
        ),
        (
            {"open": False, "status": "unsubscribed"},
            {"filters": Filters(file_types=())},
            "subscription_ended",
        ),
        ({"status": "disabled"}, {"status": "active"}, "subscription_disabled"),
        ({"status": "disabled"}, {"status": "paused"}, "subscription_disabled"),
    ],
)
def test_what_has_stopped_is_not_changed_back(
    changing: SubscriptionChanging,
    user: User,
    state: dict[str, Any],
    wish: dict[str, Any],
    code: str,
) -> None:
    stopped = changing.subscriptions.add(a_subscription(user, **state))

    with pytest.raises(RequestError) as refused:
        changing.change(stopped.id, **wish, by="u", now=WEDNESDAY)

    assert refused.value.code == code
    assert changing.subscriptions.find(stopped.id) == stopped


def test_who_has_left_the_study_can_end_but_not_resume(
    changing: SubscriptionChanging, user: User, database: Rows
) -> None:
    paused = changing.subscriptions.add(a_subscription(user, status="paused"))
    left = {"$set": {"memberships.0.until": WEDNESDAY}}
    database["users"].update_one({"_id": user.id}, left)

    with pytest.raises(RequestError, match="study_not_found"):
        changing.change(paused.id, status="active", by="u", now=WEDNESDAY)

    ended = changing.change(paused.id, status="unsubscribed", by="u", now=WEDNESDAY)
    assert not ended.open


def test_the_trail_holds_each_code_as_it_was_and_as_it_is(
    changing: SubscriptionChanging, subscription: ReportSubscription
) -> None:
    changing.change(
        subscription.id,
        filters=Filters(file_types=("pdf", "jpg")),
        status="paused",
        by="usr_one",
        now=WEDNESDAY,
    )

    (event,) = changing.audit.about(subscription.id)
    assert (event.actor, event.action) == ("usr_one", "change_subscription")
    assert event.details == {
        "revision": 2,
        "status_was": "active",
        "status": "paused",
        "file_types_was": "all",
        "file_types": "pdf,jpg",
    }


def test_changing_what_never_was_is_refused(changing: SubscriptionChanging) -> None:
    with pytest.raises(RequestError, match="subscription_not_found"):
        changing.change("sub_none", status="paused", by="u", now=WEDNESDAY)
