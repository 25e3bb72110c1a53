"""``node`` and ``subscription``: one thing by its id."""

import pytest

from tests.builders import MONDAY_NOON, a_job, a_subscription
from tests.integration.graphql_api.asking import ask
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import Job
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User

NODE = """
query ($id: ID!) {
  node(id: $id) {
    __typename id
    ... on ReportSubscription { nextRun siteId latestJob { id } study { title } }
    ... on Job { status subscription { id } }
  }
}
"""
NEXT_RUN = """
query ($id: ID!) {
  subscription(id: $id) { ... on ReportSubscription { status nextRun } }
}
"""


@pytest.fixture
def subscription(database: Rows, participant: User) -> ReportSubscription:
    stored = a_subscription(participant, site_id="site_a")
    database["subscriptions"].insert_one(stored.to_row())
    return stored


@pytest.fixture
def job(database: Rows, subscription: ReportSubscription) -> Job:
    stored = a_job(subscription_id=subscription.id, user_id=subscription.user_id)
    database["report_jobs"].insert_one(stored.to_row())
    return stored


def test_a_subscription_and_a_job_are_found_by_their_ids(
    api: ApiClient, participant: User, subscription: ReportSubscription, job: Job
) -> None:
    assert ask(api, participant, NODE, id=subscription.id) == {
        "__typename": "ReportSubscription",
        "id": subscription.id,
        "nextRun": "2026-11-23T12:00:00Z",
        "siteId": "site_a",
        "latestJob": {"id": job.id},
        "study": {"title": "A study of examples"},
    }
    assert ask(api, participant, NODE, id=job.id) == {
        "__typename": "Job",
        "id": job.id,
        "status": "PENDING",
        "subscription": {"id": subscription.id},
    }


@pytest.mark.parametrize("id_", ["", "sub_", "job_none", "usr_one", "{$ne: null}"])
def test_anything_else_is_null(api: ApiClient, participant: User, id_: str) -> None:
    assert ask(api, participant, NODE, id=id_) is None


def test_people_are_no_nodes(api: ApiClient, participant: User) -> None:
    assert ask(api, participant, NODE, id=participant.id) is None


@pytest.mark.parametrize("status", ["paused", "disabled", "unsubscribed"])
def test_what_is_not_active_has_no_next_run(
    api: ApiClient, database: Rows, participant: User, status: str
) -> None:
    stored = a_subscription(participant, status=status, next_run=MONDAY_NOON)
    database["subscriptions"].insert_one(stored.to_row())

    told = ask(api, participant, NEXT_RUN, id=stored.id)

    assert told == {"status": status.upper(), "nextRun": None}
