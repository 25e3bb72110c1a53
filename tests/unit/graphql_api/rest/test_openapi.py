"""The description of the contract is complete."""

from typing import Any

import pytest

from graphql_api.app import create_app
from trial_reports.settings import Settings

OPERATIONS = {
    ("/api/subscriptions", "post"): "createSubscription",
    ("/api/subscriptions/{subscription_id}", "get"): "getSubscription",
    ("/api/subscriptions/{subscription_id}", "patch"): "changeSubscription",
    ("/api/subscriptions/{subscription_id}", "delete"): "endSubscription",
    ("/api/subscriptions/{subscription_id}/jobs", "get"): "listSubscriptionJobs",
    ("/api/jobs/{job_id}", "get"): "getJob",
}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return create_app(Settings(environment="test")).openapi()


def test_every_route_of_the_contract_has_its_name(description: dict[str, Any]) -> None:
    named = {
        (path, method): operation["operationId"]
        for path, methods in description["paths"].items()
        if path.startswith("/api/")
        for method, operation in methods.items()
    }

    assert named == OPERATIONS


@pytest.mark.parametrize("route", OPERATIONS)
def test_every_answer_is_described_and_every_refusal_is_a_problem(
    description: dict[str, Any], route: tuple[str, str]
) -> None:
    path, method = route
    operation = description["paths"][path][method]

    assert operation["security"]
    assert {"401", "422", "500", "503"} <= operation["responses"].keys()
    for status, answer in operation["responses"].items():
        if status == "204":
            continue
        kind = "application/problem+json" if status >= "4" else "application/json"
        (media,) = answer["content"]
        assert media == kind
        _, _, name = answer["content"][media]["schema"]["$ref"].rpartition("/")
        assert name in description["components"]["schemas"]


def test_the_documents_example_is_in_the_description(
    description: dict[str, Any],
) -> None:
    (example,) = description["components"]["schemas"]["SubscriptionAsked"]["examples"]

    assert example["filters"] == {"dateRange": "last_week", "fileTypes": ["pdf", "jpg"]}
