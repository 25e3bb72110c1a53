"""Who may subscribe, and when a report is no longer wanted."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    WEDNESDAY,
    a_membership,
    a_study,
    a_subscription,
    a_user,
)
from trial_reports.errors import Cancelled, RequestError
from trial_reports.subscriptions.rights import (
    check_may_request,
    check_may_subscribe,
    check_still_wanted,
)

SOON = timedelta(minutes=1)
ENDED = a_membership(until=WEDNESDAY)
NOT_YET = a_membership(since=WEDNESDAY + SOON)


def test_a_participant_who_takes_mail_may_subscribe() -> None:
    check_may_subscribe(a_user(), a_study(), WEDNESDAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"memberships": ()}, "study_not_found"),
        ({"memberships": (a_membership("stu_two"),)}, "study_not_found"),
        ({"memberships": (a_membership(role="coordinator"),)}, "study_not_found"),
        ({"memberships": (ENDED,)}, "study_not_found"),
        ({"memberships": (NOT_YET,)}, "study_not_found"),
        ({"email_verified_at": None}, "email_not_verified"),
        ({"email_consent": False}, "email_consent_missing"),
    ],
)
def test_who_could_never_get_a_report_is_told_why(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(RequestError) as refused:
        check_may_subscribe(a_user(**changes), a_study(), WEDNESDAY)

    assert refused.value.code == code


def test_a_study_that_does_not_exist_looks_like_somebody_elses() -> None:
    with pytest.raises(RequestError) as missing:
        check_may_subscribe(a_user(), None, WEDNESDAY)
    with pytest.raises(RequestError) as foreign:
        check_may_subscribe(a_user(), a_study("stu_two"), WEDNESDAY)

    assert str(missing.value) == str(foreign.value)


def test_an_outsider_learns_nothing_about_their_address_first() -> None:
    stranger = a_user(memberships=(), email_verified_at=None, email_consent=False)

    with pytest.raises(RequestError, match="study_not_found"):
        check_may_subscribe(stranger, a_study(), WEDNESDAY)


def test_a_report_is_wanted_while_nothing_has_changed() -> None:
    user = a_user()
    subscription = a_subscription(user)

    assert check_still_wanted(subscription, user, WEDNESDAY) == (subscription, user)


@pytest.mark.parametrize(
    ("subscription", "person", "reason"),
    [
        ({"open": False, "status": "unsubscribed"}, {}, "unsubscribed"),
        ({"status": "paused"}, {}, "paused"),
        ({"status": "disabled", "disabled_reason": "bounced"}, {}, "disabled"),
        ({}, {"memberships": ()}, "withdrawn"),
        ({}, {"memberships": (ENDED,)}, "withdrawn"),
        ({}, {"email_consent": False}, "email_not_allowed"),
        ({}, {"email_verified_at": None}, "email_not_allowed"),
    ],
)
def test_a_report_that_is_no_longer_wanted_is_cancelled_with_the_reason(
    subscription: dict[str, Any], person: dict[str, Any], reason: str
) -> None:
    subscribed = a_subscription(a_user(), **subscription)

    with pytest.raises(Cancelled) as cancelled:
        check_still_wanted(subscribed, a_user(**person), WEDNESDAY)

    assert cancelled.value.code == reason


def test_who_is_gone_wants_no_report() -> None:
    user = a_user()

    with pytest.raises(Cancelled, match="unsubscribed"):
        check_still_wanted(None, user, WEDNESDAY)
    with pytest.raises(Cancelled, match="withdrawn"):
        check_still_wanted(a_subscription(user), None, WEDNESDAY)


def test_a_withdrawal_counts_from_its_very_moment() -> None:
    user = a_user(memberships=(ENDED,))
    subscription = a_subscription(user)

    check_still_wanted(subscription, user, WEDNESDAY - SOON)
    with pytest.raises(Cancelled, match="withdrawn"):
        check_still_wanted(subscription, user, WEDNESDAY)


@pytest.mark.parametrize(
    ("subscription", "place", "weeks_ago", "reason"),
    [
        ({"status": "paused"}, {}, 0, "paused"),
        ({"open": False, "status": "unsubscribed"}, {}, 0, "unsubscribed"),
        ({}, {"until": WEDNESDAY}, 0, "withdrawn"),
        ({}, {}, -1, "period_not_over"),
        ({}, {"since": PERIOD.end}, 0, "before_joining"),
        ({}, {"since": PERIOD.start}, 1, "before_joining"),
    ],
)
def test_who_asks_for_a_report_that_cannot_be_is_told_why(
    subscription: dict[str, Any], place: dict[str, Any], weeks_ago: int, reason: str
) -> None:
    user = a_user(memberships=(a_membership(**place),))
    subscribed = a_subscription(user, **subscription)

    with pytest.raises(RequestError) as refused:
        check_may_request(subscribed, user, PERIOD.earlier(weeks_ago), MONDAY_NOON)

    assert refused.value.code == reason


def test_the_week_of_joining_and_the_one_just_over_can_be_asked_for() -> None:
    user = a_user(memberships=(a_membership(since=WEDNESDAY),))

    check_may_request(a_subscription(user), user, PERIOD, PERIOD.end)
