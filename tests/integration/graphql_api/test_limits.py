"""What the API refuses to do, and what it refuses to say."""

import logging
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import Response
from pymongo.database import Database
from strawberry.extensions.validation_cache import _get_validate_cache

from graphql_api.extensions import CACHED_DOCUMENTS
from tests.integration.graphql_api.client import TOKENS, ApiClient
from trial_reports.users.models import User

JOB = 'query { job(id: "job_none") { __typename } }'


def _signed(user: User) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {TOKENS.issue(user.id, datetime.now(UTC))}",
        "Content-Type": "application/json",
    }


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        (
            "{"
            + " ".join(f'a{i}: job(id: "x") {{ __typename }}' for i in range(16))
            + "}",
            "16 aliases found",
        ),
        ("{" + "job(id: 1) { __typename }" * 250 + "}", "more than 1000 tokens"),
        (
            "{ __type(name: 4) { ofType { ofType } } "
            + "a { " * 9
            + "b"
            + " }" * 9
            + "}",
            "maximum operation depth",
        ),
    ],
)
def test_queries_that_ask_for_too_much_are_refused_every_time(
    api: ApiClient, participant: User, query: str, complaint: str
) -> None:
    for _ in range(2):
        answer = api.graphql(participant, query)

        assert "data" not in answer
        assert complaint in " ".join(error["message"] for error in answer["errors"])


def test_a_repeated_query_is_validated_once(api: ApiClient, participant: User) -> None:
    query = "query Repeated { job(id: 1) { __typename } }"
    api.graphql(participant, query)
    before = _get_validate_cache(CACHED_DOCUMENTS).cache_info()  # type: ignore[attr-defined]  # the cache of functools

    api.graphql(participant, query)

    after = _get_validate_cache(CACHED_DOCUMENTS).cache_info()  # type: ignore[attr-defined]  # the same
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


def test_a_misspelt_field_is_not_a_way_to_learn_the_schema(
    api: ApiClient, participant: User
) -> None:
    answer = api.graphql(participant, '{ job(id: "x") { ... on Job { statu } } }')

    assert "statu" in answer["errors"][0]["message"]
    assert "Did you mean" not in str(answer)


def test_queries_come_by_post_one_at_a_time(api: ApiClient, participant: User) -> None:
    headers = _signed(participant)
    by_get = api.get("/graphql", params={"query": JOB}, headers=headers)
    batch = api.post("/graphql", json=[{"query": JOB}] * 2, headers=headers)
    form = api.post(
        "/graphql",
        data={"query": JOB},
        headers={"Authorization": headers["Authorization"]},
    )

    assert "job_none" not in by_get.text
    assert "data" not in batch.text
    assert batch.status_code == 400
    assert form.status_code == 415


async def _pieces(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1024):
        yield b" " * 1024


def _assert_too_large(response: Response) -> None:
    assert response.status_code == 413
    assert response.json()["code"] == "body_too_large"


def test_a_body_that_is_too_large_is_refused_by_its_header_or_on_the_way(
    api: ApiClient, participant: User
) -> None:
    headers = _signed(participant)
    too_much = 64 * 1024 + 1024

    _assert_too_large(api.post("/graphql", content=b" " * too_much, headers=headers))
    _assert_too_large(api.post("/graphql", content=_pieces(too_much), headers=headers))


def test_a_failure_inside_is_told_by_a_reference_and_logged_without_values(
    api: ApiClient,
    participant: User,
    database: Database[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "diary: felt dizzy"
    broken = {"_id": "job_broken", "userId": participant.id, "status": "pending"}
    database["report_jobs"].insert_one(broken | {"period": secret})

    with caplog.at_level(logging.INFO):
        answer = api.graphql(participant, '{ job(id: "job_broken") { __typename } }')

    assert answer["data"] is None
    error = answer["errors"][0]
    assert error["message"] == "Something went wrong here."
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert re.fullmatch("[0-9a-f]{32}", error["extensions"]["reference"])
    assert "ValidationError at graphql_api.jobs.queries" in caplog.text
    assert secret not in caplog.text + str(answer)
