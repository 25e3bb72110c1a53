"""Subscribing: once is enough, twice is the same, and the first week counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, WEDNESDAY, a_membership, a_study, a_user
from trial_reports.errors import RequestError
from trial_reports.periods.owed import owed_periods
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.conflicts import SubscriptionConflict
from trial_reports.subscriptions.models import Filters, ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.subscribing import subscribe
from trial_reports.users.models import User

WEEK = timedelta(days=7)


class Desk:
    """Where people subscribe."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.studies = Studies(database)
        self.subscriptions = Subscriptions(database)
        for study in (a_study(), a_study("stu_two")):
            database["studies"].insert_one(study.to_row())

    def subscribe(
        self,
        user: User,
        study: str = "stu_one",
        filters: Filters | None = None,
        now: datetime = WEDNESDAY,
    ) -> tuple[ReportSubscription, bool]:
        return subscribe(
            user,
            study,
            filters or Filters(),
            studies=self.studies,
            subscriptions=self.subscriptions,
            schedule=Schedule(),
            now=now,
        )


@pytest.fixture
def desk(database: Database[dict[str, Any]]) -> Desk:
    return Desk(database)


def test_a_new_subscription_is_active_and_stored_as_it_was_answered(
    desk: Desk,
) -> None:
    wanted = Filters(date_range="last_4_weeks", file_types=("pdf", "jpg"))

    subscription, is_new = desk.subscribe(a_user(), filters=wanted)

    assert is_new
    assert (subscription.status, subscription.open) == ("active", True)
    assert subscription.filters == wanted
    assert desk.subscriptions.find(subscription.id) == subscription


@pytest.mark.parametrize(
    ("time_zone", "now", "key", "next_run"),
    [
        ("UTC", WEDNESDAY, "2026-W47", MONDAY_NOON),
        # It is Monday already in Auckland, and Sunday still in Honolulu.
        ("Pacific/Auckland", PERIOD.end - timedelta(hours=1), "2026-W48", None),
        ("Pacific/Honolulu", PERIOD.end + timedelta(hours=1), "2026-W47", MONDAY_NOON),
        ("UTC", PERIOD.end, "2026-W48", MONDAY_NOON + WEEK),
    ],
)
def test_the_first_report_covers_the_week_in_which_one_subscribed(
    desk: Desk, time_zone: str, now: datetime, key: str, next_run: datetime | None
) -> None:
    subscription, _ = desk.subscribe(a_user(time_zone=time_zone), now=now)

    assert subscription.next_run == (next_run or MONDAY_NOON + WEEK)
    owed = owed_periods(
        subscription.reported_through, subscription.next_run, time_zone, "all"
    )
    assert [period.key for period in owed] == [key]


def test_subscribing_twice_is_the_same_subscription_unchanged(desk: Desk) -> None:
    user = a_user()
    first, _ = desk.subscribe(user, filters=Filters(file_types=("pdf", "jpg")))

    again, is_new = desk.subscribe(
        user, filters=Filters(file_types=("jpg", "pdf")), now=WEDNESDAY + WEEK
    )

    assert not is_new
    assert again == first


def test_subscribing_with_another_wish_leads_to_the_subscription_there_is(
    desk: Desk,
) -> None:
    user = a_user()
    first, _ = desk.subscribe(user)

    with pytest.raises(SubscriptionConflict) as refused:
        desk.subscribe(user, filters=Filters(file_types=()))

    assert refused.value.code == "conflict"
    assert refused.value.subscription == first
    assert desk.subscriptions.find(first.id) == first


def test_one_person_can_have_a_report_from_each_of_their_studies(desk: Desk) -> None:
    user = a_user(memberships=(a_membership(), a_membership("stu_two")))

    one, _ = desk.subscribe(user)
    two, is_new = desk.subscribe(user, "stu_two")

    assert is_new
    assert one.id != two.id


def test_many_impatient_clicks_are_one_subscription(desk: Desk) -> None:
    user = a_user()

    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(lambda _: desk.subscribe(user), range(16)))

    assert len({subscription.id for subscription, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    assert len(list(desk.subscriptions.active())) == 1


def test_who_comes_back_after_unsubscribing_begins_anew(desk: Desk) -> None:
    user = a_user()
    first, _ = desk.subscribe(user)
    desk.subscriptions.close(first.id, WEDNESDAY)

    back = datetime(2026, 12, 16, tzinfo=UTC)
    again, is_new = desk.subscribe(user, now=back)

    assert is_new
    assert again.id != first.id
    assert again.reported_through == datetime(2026, 12, 14, tzinfo=UTC)
    ended = desk.subscriptions.find(first.id)
    assert ended is not None
    assert (ended.open, ended.status) == (False, "unsubscribed")


def test_a_refused_person_leaves_nothing_behind(desk: Desk) -> None:
    with pytest.raises(RequestError, match="email_not_verified"):
        desk.subscribe(a_user(email_verified_at=None))
    with pytest.raises(RequestError, match="study_not_found"):
        desk.subscribe(a_user(), "stu_unknown")

    assert list(desk.subscriptions.active()) == []
