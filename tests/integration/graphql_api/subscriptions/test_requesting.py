"""Asking for a report of a week."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON, PERIOD, a_job, a_subscription
from tests.integration.graphql_api.asking import mutate
from tests.integration.graphql_api.client import ApiClient, Clock
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User

SELECTED = """
  ... on RequestReportSuccess { created job { id status period { key } } }
"""


@pytest.fixture
def subscription(database: Rows, participant: User) -> ReportSubscription:
    stored = a_subscription(participant, time_zone="Europe/Berlin")
    database["subscriptions"].insert_one(stored.to_row())
    return stored


def _request(
    api: ApiClient, user: User, stored: ReportSubscription, **wanted: Any
) -> dict[str, Any]:
    name, type_ = "requestReport", "RequestReportInput"
    return mutate(api, user, name, type_, SELECTED, subscriptionId=stored.id, **wanted)


def test_without_a_week_the_last_one_that_has_ended_is_meant(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    answer = _request(api, participant, subscription)

    assert answer["created"] is True
    assert answer["job"]["status"] == "PENDING"
    assert answer["job"]["period"] == {"key": "2026-W47"}
    (row,) = database["report_jobs"].find({})
    assert (row["_id"], row["run"]) == (answer["job"]["id"], None)
    (event,) = database["audit_events"].find({})
    assert (event["action"], event["actor"]) == ("request_report", participant.id)


def test_the_job_that_is_there_is_returned_as_it_is(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    job = a_job(
        subscription_id=subscription.id, user_id=participant.id, status="completed"
    )
    database["report_jobs"].insert_one(job.to_row())
    before = everything_in(database)

    answers = [
        _request(api, participant, subscription, period=week)
        for week in (None, "2026-W47")
    ]

    assert answers[0] == answers[1]
    assert answers[0]["created"] is False
    assert answers[0]["job"]["id"] == job.id
    assert answers[0]["job"]["status"] == "COMPLETED"
    assert everything_in(database) == before


def test_a_second_new_one_waits_until_the_local_day_is_over(
    api: ApiClient,
    database: Rows,
    participant: User,
    subscription: ReportSubscription,
    clock: Clock,
) -> None:
    _request(api, participant, subscription)
    before = everything_in(database)

    refused = _request(api, participant, subscription, period="2026-W46")

    assert refused["__typename"] == "RateLimitedError"
    assert refused["code"] == "ONE_REPORT_A_DAY"
    assert refused["retryAt"] == "2026-11-23T23:00:00Z"  # midnight in Berlin
    assert everything_in(database) == before
    assert _request(api, participant, subscription)["created"] is False

    clock.now = MONDAY_NOON + timedelta(hours=11)
    assert _request(api, participant, subscription, period="2026-W46")["created"]


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ("2026-W48", "PERIOD_NOT_OVER"),
        ("2030-W01", "PERIOD_NOT_OVER"),
        ("2025-W40", "BEFORE_JOINING"),
        ("2026-W54", "PERIOD_UNKNOWN"),
        ("2026-W047", "PERIOD_UNKNOWN"),
        ("", "PERIOD_UNKNOWN"),
        ("last week", "PERIOD_UNKNOWN"),
    ],
)
def test_a_week_that_cannot_be_reported_is_told_by_its_field(
    api: ApiClient,
    database: Rows,
    participant: User,
    subscription: ReportSubscription,
    week: str,
    code: str,
) -> None:
    before = everything_in(database)

    answer = _request(api, participant, subscription, period=week)

    assert (answer["__typename"], answer["code"]) == ("ValidationError", code)
    (field,) = answer["fields"]
    assert field == {"path": ["input", "period"], "message": answer["message"]}
    assert everything_in(database) == before


def test_a_week_that_is_too_long_to_be_one_is_told_by_its_field(
    api: ApiClient, participant: User, subscription: ReportSubscription
) -> None:
    answer = _request(api, participant, subscription, period="2026-W47-and-more")

    assert answer["code"] == "INVALID_INPUT"
    (field,) = answer["fields"]
    assert field["path"] == ["input", "period"]


@pytest.mark.parametrize(
    ("collection", "change", "type_", "code"),
    [
        ("subscriptions", {"status": "paused"}, "ConflictError", "PAUSED"),
        ("subscriptions", {"status": "disabled"}, "ConflictError", "DISABLED"),
        ("subscriptions", {"open": False}, "ConflictError", "UNSUBSCRIBED"),
        ("users", {"emailConsent": False}, "NotPermittedError", "EMAIL_NOT_ALLOWED"),
        (
            "users",
            {"memberships.0.until": PERIOD.end},
            "NotPermittedError",
            "WITHDRAWN",
        ),
    ],
)
def test_a_report_that_would_be_cancelled_is_not_begun(
    api: ApiClient,
    database: Rows,
    participant: User,
    subscription: ReportSubscription,
    collection: str,
    change: dict[str, Any],
    type_: str,
    code: str,
) -> None:
    database[collection].update_one({}, {"$set": change})

    answer = _request(api, participant, subscription)

    assert (answer["__typename"], answer["code"]) == (type_, code)
    assert database["report_jobs"].count_documents({}) == 0
