"""Undoing an unsubscription: only that one, only by its token, only for a day."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, a_subscription
from trial_reports.audit.trail import SYSTEM, AuditTrail
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.subscriptions.changing import SubscriptionChanging
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.unsubscribing import OneClick, UnsubscribeTokens
from trial_reports.users.models import User

Rows = Database[dict[str, Any]]
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


@pytest.fixture
def tokens(database: Rows) -> UnsubscribeTokens:
    return UnsubscribeTokens(database)


@pytest.fixture
def one_click(tokens: UnsubscribeTokens, changing: SubscriptionChanging) -> OneClick:
    return OneClick(tokens, changing)


@pytest.fixture
def token(tokens: UnsubscribeTokens, subscription: ReportSubscription) -> str:
    return tokens.mint(subscription.id, MONDAY_NOON)


@pytest.fixture
def present(
    subscriptions: Subscriptions, subscription: ReportSubscription
) -> "Present":
    return Present(subscriptions, subscription)


class Present:
    """What has become of the subscription."""

    def __init__(
        self, subscriptions: Subscriptions, subscription: ReportSubscription
    ) -> None:
        self._subscriptions = subscriptions
        self._id = subscription.id

    def __call__(self) -> ReportSubscription:
        found = self._subscriptions.find(self._id)
        assert found is not None
        return found


def test_within_a_day_it_goes_on_as_it_was(
    one_click: OneClick,
    token: str,
    subscription: ReportSubscription,
    present: Present,
    database: Rows,
) -> None:
    one_click.unsubscribe(token, MONDAY_NOON)
    assert not present().open

    one_click.undo(token, MONDAY_NOON + DAY)

    undone = present()
    changed = {"revision", "updated_at"}
    assert undone.model_dump(exclude=changed) == subscription.model_dump(
        exclude=changed
    )
    assert undone.revision == subscription.revision + 2
    ended, back = AuditTrail(database).about(subscription.id)
    assert (ended.details["status"], back.details["status"]) == (
        "unsubscribed",
        "active",
    )
    assert (back.actor, back.reason) == (SYSTEM, "Undone in the mail's page.")


def test_a_pause_is_a_pause_again(
    one_click: OneClick,
    changing: SubscriptionChanging,
    token: str,
    subscription: ReportSubscription,
    present: Present,
) -> None:
    changing.change(subscription.id, status="paused", by="usr", now=MONDAY_NOON)
    one_click.unsubscribe(token, MONDAY_NOON)

    one_click.undo(token, MONDAY_NOON)

    assert (present().open, present().status) == (True, "paused")


def test_after_a_day_it_stays_ended(
    one_click: OneClick, token: str, present: Present
) -> None:
    one_click.unsubscribe(token, MONDAY_NOON)
    one_click.unsubscribe(token, MONDAY_NOON + DAY)  # which is not another one

    one_click.undo(token, MONDAY_NOON + DAY + SECOND)

    assert not present().open


def test_undoing_twice_is_undoing_once_and_never_starts_anything(
    one_click: OneClick, token: str, present: Present
) -> None:
    one_click.undo(token, MONDAY_NOON)
    assert present().revision == 1

    one_click.unsubscribe(token, MONDAY_NOON)
    one_click.undo(token, MONDAY_NOON)
    one_click.undo(token, MONDAY_NOON)
    assert (present().open, present().revision) == (True, 3)

    one_click.unsubscribe(token, MONDAY_NOON)
    assert not present().open


def test_it_undoes_nobody_elses_unsubscription(
    one_click: OneClick,
    tokens: UnsubscribeTokens,
    changing: SubscriptionChanging,
    token: str,
    subscription: ReportSubscription,
    present: Present,
) -> None:
    other = tokens.mint(subscription.id, MONDAY_NOON)
    one_click.unsubscribe(token, MONDAY_NOON)
    one_click.unsubscribe(other, MONDAY_NOON)
    one_click.undo(other, MONDAY_NOON)
    assert not present().open

    one_click.undo(token, MONDAY_NOON)
    changing.change(subscription.id, status="unsubscribed", by="usr", now=MONDAY_NOON)
    one_click.undo(token, MONDAY_NOON)
    assert not present().open


def test_after_subscribing_again_the_old_one_stays_ended(
    one_click: OneClick,
    token: str,
    user: User,
    subscriptions: Subscriptions,
    present: Present,
) -> None:
    one_click.unsubscribe(token, MONDAY_NOON)
    newer = subscriptions.add(a_subscription(user))

    one_click.undo(token, MONDAY_NOON)

    assert not present().open
    assert subscriptions.find(newer.id) == newer


def test_who_may_have_no_report_cannot_come_back_by_it(
    one_click: OneClick, token: str, user: User, present: Present, database: Rows
) -> None:
    one_click.unsubscribe(token, MONDAY_NOON)
    database["users"].update_one({"_id": user.id}, {"$set": {"emailConsent": False}})

    one_click.undo(token, MONDAY_NOON)

    assert not present().open


def test_a_report_that_was_cancelled_stays_so(
    one_click: OneClick,
    token: str,
    subscription: ReportSubscription,
    database: Rows,
) -> None:
    job = a_job(subscription_id=subscription.id, user_id=subscription.user_id)
    Transitions(database).create([job])
    one_click.unsubscribe(token, MONDAY_NOON)

    one_click.undo(token, MONDAY_NOON)

    stored = Jobs(database).find(job.id)
    assert stored is not None
    assert stored.status == "cancelled"


@pytest.mark.parametrize("text", ["", "sub_one", "ü", "a" * 43])
def test_other_texts_do_nothing(
    one_click: OneClick, token: str, text: str, present: Present
) -> None:
    one_click.unsubscribe(token, MONDAY_NOON)

    one_click.undo(text, MONDAY_NOON)

    assert not present().open
