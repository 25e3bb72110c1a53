"""Subscriptions move forward, are ended once, and are owed when their time comes."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import WriteError

from tests.builders import MONDAY_NOON, PERIOD, WEDNESDAY, a_subscription, a_user
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions

WEEK = timedelta(days=7)


@pytest.fixture
def subscriptions(database: Database[dict[str, Any]]) -> Subscriptions:
    return Subscriptions(database)


def subscribed(subscriptions: Subscriptions, **changes: Any) -> ReportSubscription:
    return subscriptions.add(a_subscription(a_user(), **changes))


def fresh(
    subscriptions: Subscriptions, subscription: ReportSubscription
) -> ReportSubscription:
    found = subscriptions.find(subscription.id)
    assert found is not None
    return found


def test_reporting_moves_forward_and_never_back(subscriptions: Subscriptions) -> None:
    one, other = subscribed(subscriptions), subscribed(subscriptions)
    ahead = (PERIOD.end + WEEK, MONDAY_NOON + 2 * WEEK)
    subscriptions.advance({one.id: ahead})

    subscriptions.advance(
        {
            one.id: (PERIOD.end, MONDAY_NOON + WEEK),
            other.id: (PERIOD.end, MONDAY_NOON + WEEK),
        }
    )

    after = fresh(subscriptions, one)
    assert (after.reported_through, after.next_run) == ahead
    assert fresh(subscriptions, other).reported_through == PERIOD.end
    assert fresh(subscriptions, other).next_run == MONDAY_NOON + WEEK


def test_advancing_nobody_is_no_error(subscriptions: Subscriptions) -> None:
    one = subscribed(subscriptions)

    subscriptions.advance({})

    assert fresh(subscriptions, one) == one


def test_ending_twice_is_ending_once(subscriptions: Subscriptions) -> None:
    one = subscribed(subscriptions)

    ended = subscriptions.close(one.id, WEDNESDAY)
    again = subscriptions.close(one.id, MONDAY_NOON)

    assert ended == again
    assert ended is not None
    assert (ended.open, ended.status) == (False, "unsubscribed")
    assert (ended.revision, ended.updated_at) == (2, WEDNESDAY)


def test_ending_what_never_was_changes_nothing(subscriptions: Subscriptions) -> None:
    assert subscriptions.close("sub_unknown", WEDNESDAY) is None


def test_a_report_is_owed_from_its_tick_on_to_those_who_want_it(
    subscriptions: Subscriptions,
) -> None:
    due = subscribed(subscriptions)
    subscribed(subscriptions, next_run=MONDAY_NOON + WEEK)
    subscribed(subscriptions, status="paused")
    ended = subscribed(subscriptions)
    subscriptions.close(ended.id, WEDNESDAY)
    just_before = MONDAY_NOON - timedelta(milliseconds=1)

    assert list(subscriptions.owed(just_before, None)) == []
    assert not subscriptions.any_owed(just_before)
    assert list(subscriptions.owed(MONDAY_NOON, None)) == [due]
    assert subscriptions.any_owed(MONDAY_NOON)


def test_asking_for_somebody_reaches_nobody_else(subscriptions: Subscriptions) -> None:
    later = subscribed(subscriptions, next_run=MONDAY_NOON + WEEK)
    paused = subscribed(subscriptions, status="paused")
    subscribed(subscriptions)

    asked = subscriptions.owed(MONDAY_NOON, (later.id, paused.id, "sub_unknown"))

    assert list(asked) == [later]


def test_a_status_nobody_knows_is_refused_by_the_database(
    subscriptions: Subscriptions, database: Database[dict[str, Any]]
) -> None:
    one = subscribed(subscriptions)

    with pytest.raises(WriteError, match="validation"):
        database["subscriptions"].update_one(
            {"_id": one.id}, {"$set": {"status": "snoozed"}}
        )
