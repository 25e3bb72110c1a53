"""``explainDelivery`` over HTTP: which week is meant, and what is no week."""

from typing import Any

import pytest

from tests.builders import a_job, a_subscription
from tests.integration.graphql_api.asking import ask
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User

EXPLAIN = """
query ($id: ID!, $period: String) {
  explainDelivery(subscriptionId: $id, period: $period) {
    __typename
    ... on DeliveryExplanation {
      subscriptionId verdict period { key } steps { code at sentence }
    }
    ... on Error { message code }
    ... on ValidationError { fields { path message } }
  }
}
"""


@pytest.fixture
def subscription(database: Rows, participant: User) -> ReportSubscription:
    stored = a_subscription(participant)
    database["subscriptions"].insert_one(stored.to_row())
    return stored


def test_without_a_week_the_last_one_that_has_ended_is_explained_and_nothing_changes(
    api: ApiClient, database: Rows, participant: User, subscription: ReportSubscription
) -> None:
    job = a_job(subscription_id=subscription.id, user_id=participant.id)
    database["report_jobs"].insert_one(job.to_row())
    before = everything_in(database)

    told = ask(api, participant, EXPLAIN, id=subscription.id)

    assert told["subscriptionId"] == subscription.id
    assert (told["verdict"], told["period"]) == ("WAITING", {"key": "2026-W47"})
    assert told["steps"]
    assert all(step["sentence"] for step in told["steps"])
    assert everything_in(database) == before
    named = ask(api, participant, EXPLAIN, id=subscription.id, period="2026-W47")
    assert named == told


@pytest.mark.parametrize("week", ["2026-W54", "", "last week", "2026-W47" * 100])
def test_what_is_no_week_is_told_by_its_argument(
    api: ApiClient, participant: User, subscription: ReportSubscription, week: str
) -> None:
    told: dict[str, Any] = ask(
        api, participant, EXPLAIN, id=subscription.id, period=week
    )

    assert (told["__typename"], told["code"]) == ("ValidationError", "PERIOD_UNKNOWN")
    assert [field["path"] for field in told["fields"]] == [["period"]]
