"""Changing, pausing, resuming and ending a subscription; each can be repeated."""

from typing import Any

import pytest

from tests.builders import a_job, a_subscription
from tests.integration.graphql_api.asking import mutate
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.subscriptions.models import Filters, ReportSubscription
from trial_reports.users.models import User

SELECTED = """
  ... on SubscriptionSuccess {
    subscription { id status revision filters { dateRange fileTypes } }
  }
"""
STATUS = {
    "pauseSubscription": "PAUSED",
    "resumeSubscription": "ACTIVE",
    "deleteSubscription": "UNSUBSCRIBED",
}


@pytest.fixture
def subscription(database: Rows, participant: User) -> ReportSubscription:
    filters = Filters(date_range="last_2_weeks", file_types=("pdf",))
    stored = a_subscription(participant, filters=filters)
    database["subscriptions"].insert_one(stored.to_row())
    return stored


def _set(api: ApiClient, user: User, name: str, id_: str) -> dict[str, Any]:
    return mutate(api, user, name, "SubscriptionInput", SELECTED, id=id_)


def _update(
    api: ApiClient, user: User, stored: ReportSubscription, **wanted: Any
) -> dict[str, Any]:
    name, type_ = "updateSubscription", "UpdateSubscriptionInput"
    return mutate(api, user, name, type_, SELECTED, id=stored.id, **wanted)


@pytest.mark.parametrize("name", STATUS)
def test_repeating_it_succeeds_and_changes_nothing_more(
    api: ApiClient,
    database: Rows,
    participant: User,
    subscription: ReportSubscription,
    name: str,
) -> None:
    first = _set(api, participant, name, subscription.id)
    after = everything_in(database)
    again = _set(api, participant, name, subscription.id)

    assert first == again
    assert first["subscription"]["status"] == STATUS[name]
    assert everything_in(database) == after


def test_what_is_paused_is_resumed(
    api: ApiClient, participant: User, subscription: ReportSubscription
) -> None:
    _set(api, participant, "pauseSubscription", subscription.id)
    resumed = _set(api, participant, "resumeSubscription", subscription.id)

    assert resumed["subscription"]["status"] == "ACTIVE"
    assert resumed["subscription"]["revision"] == subscription.revision + 2


def test_ending_it_cancels_what_is_not_sent_and_is_for_good(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    job = a_job(subscription_id=subscription.id, user_id=participant.id)
    database["report_jobs"].insert_one(job.to_row())

    _set(api, participant, "deleteSubscription", subscription.id)

    (row,) = database["report_jobs"].find({})
    assert (row["status"], row["error"]["code"]) == ("cancelled", "unsubscribed")
    resumed = _set(api, participant, "resumeSubscription", subscription.id)
    assert resumed["__typename"] == "ConflictError"
    assert resumed["code"] == "SUBSCRIPTION_ENDED"


def test_filters_that_are_left_out_stay_as_they_are(
    api: ApiClient, participant: User, subscription: ReportSubscription
) -> None:
    wanted = {"dateRange": "LAST_4_WEEKS"}
    one = _update(api, participant, subscription, filters=wanted)
    all_files = _update(api, participant, subscription, filters={"fileTypes": None})

    assert one["subscription"]["filters"] == {
        "dateRange": "LAST_4_WEEKS",
        "fileTypes": ["PDF"],
    }
    assert all_files["subscription"]["filters"] == {
        "dateRange": "LAST_4_WEEKS",
        "fileTypes": None,
    }


def test_a_change_that_was_seen_too_early_is_a_conflict_with_what_is_there(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    changed = _update(
        api,
        participant,
        subscription,
        filters={"fileTypes": []},
        expectedRevision=subscription.revision,
    )
    before = everything_in(database)

    late = _update(
        api,
        participant,
        subscription,
        filters={"fileTypes": ["TXT"]},
        expectedRevision=subscription.revision,
    )

    assert (late["__typename"], late["code"]) == ("ConflictError", "CONFLICT")
    assert late["currentSubscription"] == {
        "id": subscription.id,
        "revision": changed["subscription"]["revision"],
        "status": "ACTIVE",
    }
    assert everything_in(database) == before


def test_a_change_whose_answer_was_lost_can_be_sent_again(
    api: ApiClient, participant: User, subscription: ReportSubscription
) -> None:
    wanted: dict[str, Any] = {
        "filters": {"fileTypes": ["TXT"]},
        "expectedRevision": subscription.revision,
    }

    first, again = (_update(api, participant, subscription, **wanted) for _ in range(2))

    assert first == again
    assert first["subscription"]["revision"] == subscription.revision + 1


def test_what_the_system_has_stopped_is_not_resumed(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    stopped = {"status": "disabled", "disabledReason": "mail_bounced"}
    database["subscriptions"].update_one({"_id": subscription.id}, {"$set": stopped})

    answer = _set(api, participant, "resumeSubscription", subscription.id)

    assert answer["__typename"] == "ConflictError"
    assert answer["code"] == "SUBSCRIPTION_DISABLED"


def test_who_has_not_agreed_to_mail_resumes_nothing(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    _set(api, participant, "pauseSubscription", subscription.id)
    refuses = {"$set": {"emailConsent": False}}
    database["users"].update_one({"_id": participant.id}, refuses)

    answer = _set(api, participant, "resumeSubscription", subscription.id)

    assert answer["__typename"] == "NotPermittedError"
    assert answer["code"] == "EMAIL_CONSENT_MISSING"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ({"fileTypes": ["PDF"] * 21}, "fileTypes"),
        ({"dateRange": None}, "dateRange"),
    ],
)
def test_filters_that_do_not_fit_are_told_by_their_place(
    api: ApiClient,
    participant: User,
    subscription: ReportSubscription,
    wanted: dict[str, Any],
    name: str,
) -> None:
    answer = _update(api, participant, subscription, filters=wanted)

    assert answer["__typename"] == "ValidationError"
    (field,) = answer["fields"]
    assert field["path"] == ["input", "filters", name]
