"""Subscribing through GraphQL."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import a_study, a_user
from tests.integration.graphql_api.client import ApiClient
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User

SUBSCRIBE = """
mutation ($input: CreateSubscriptionInput!) {
  createSubscription(input: $input) {
    __typename
    ... on CreateSubscriptionSuccess {
      created
      subscription {
        id studyId reportType status timeZone nextRun createdAt
        filters { dateRange fileTypes }
      }
    }
    ... on Error { message code }
    ... on ConflictError { currentSubscription { id filters { dateRange fileTypes } } }
  }
}
"""


def _subscribe(api: ApiClient, user: User, **wanted: Any) -> dict[str, Any]:
    answer = api.graphql(user, SUBSCRIBE, input={"studyId": "stu_one"} | wanted)
    assert "errors" not in answer
    result: dict[str, Any] = answer["data"]["createSubscription"]
    return result


def _stored(database: Database[dict[str, Any]]) -> int:
    return database["subscriptions"].count_documents({})


def test_a_participant_gets_an_active_subscription(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    result = _subscribe(api, participant)

    subscription = result["subscription"]
    assert result["created"] is True
    assert subscription | {"id": ""} == {
        "id": "",
        "studyId": "stu_one",
        "reportType": "WEEKLY",
        "status": "ACTIVE",
        "timeZone": "UTC",
        "createdAt": "2026-11-23T12:00:00Z",
        "nextRun": "2026-11-30T12:00:00Z",
        "filters": {"dateRange": "LAST_WEEK", "fileTypes": None},
    }
    stored = Subscriptions(database).find(subscription["id"])
    assert stored is not None
    assert stored.user_id == participant.id


def test_subscribing_again_returns_the_same_subscription_unchanged(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    first = _subscribe(api, participant)
    again = _subscribe(api, participant, filters={"dateRange": "LAST_WEEK"})

    assert again == {**first, "created": False}
    assert _stored(database) == 1


def test_subscribing_with_another_wish_shows_the_subscription_there_is(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    first = _subscribe(api, participant)["subscription"]
    again = _subscribe(api, participant, filters={"dateRange": "LAST_4_WEEKS"})

    assert (again["__typename"], again["code"]) == ("ConflictError", "CONFLICT")
    assert again["currentSubscription"] == {
        "id": first["id"],
        "filters": first["filters"],
    }
    assert _stored(database) == 1


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        (
            {"dateRange": "LAST_2_WEEKS", "fileTypes": ["JPG", "PDF", "JPG"]},
            {"dateRange": "LAST_2_WEEKS", "fileTypes": ["JPG", "PDF"]},
        ),
        ({"fileTypes": []}, {"dateRange": "LAST_WEEK", "fileTypes": []}),
        ({"fileTypes": None}, {"dateRange": "LAST_WEEK", "fileTypes": None}),
        (None, {"dateRange": "LAST_WEEK", "fileTypes": None}),
    ],
)
def test_filters_are_kept_as_asked(
    api: ApiClient,
    participant: User,
    asked: dict[str, Any] | None,
    stored: dict[str, Any],
) -> None:
    result = _subscribe(api, participant, filters=asked)

    assert result["subscription"]["filters"] == stored


def test_a_foreign_study_looks_like_a_missing_one(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    database["studies"].insert_one(a_study("stu_other").to_row())

    foreign = _subscribe(api, participant, studyId="stu_other")
    missing = _subscribe(api, participant, studyId="stu_none")

    assert foreign == missing
    assert foreign["__typename"] == "NotFoundError"
    assert foreign["code"] == "STUDY_NOT_FOUND"
    assert _stored(database) == 0


@pytest.mark.parametrize(
    ("lacking", "refusal"),
    [
        ({"email_verified_at": None}, "EmailNotVerifiedError.EMAIL_NOT_VERIFIED"),
        ({"email_consent": False}, "NotPermittedError.EMAIL_CONSENT_MISSING"),
    ],
)
def test_a_person_who_cannot_be_mailed_is_told_what_to_do_first(
    api: ApiClient,
    database: Database[dict[str, Any]],
    lacking: dict[str, Any],
    refusal: str,
) -> None:
    user = a_user(**lacking)
    database["users"].insert_one(user.to_row())
    database["studies"].insert_one(a_study().to_row())

    result = _subscribe(api, user)

    assert f"{result['__typename']}.{result['code']}" == refusal
    assert result["message"].startswith("Please ")
    assert _stored(database) == 0


@pytest.mark.parametrize(
    "filters", [{"fileTypes": ["EXE"]}, {"dateRange": "LAST_YEAR"}, {"kinds": []}]
)
def test_what_the_schema_does_not_know_is_refused_before_anything_happens(
    api: ApiClient,
    participant: User,
    database: Database[dict[str, Any]],
    filters: dict[str, Any],
) -> None:
    wanted = {"studyId": "stu_one", "filters": filters}
    answer = api.graphql(participant, SUBSCRIBE, input=wanted)

    assert "data" not in answer
    assert "$input" in answer["errors"][0]["message"]
    assert _stored(database) == 0
