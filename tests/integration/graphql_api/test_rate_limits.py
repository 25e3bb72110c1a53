"""How often somebody may ask, and what others notice of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from httpx import Response
from pydantic import SecretStr
from pymongo.database import Database

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import a_user
from tests.integration.graphql_api.client import KEY, TOKENS, ApiClient, Clock, Started
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Api, Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

QUERY = {"query": "{ __typename }"}
JOB = "/api/jobs/job_none"


@pytest.fixture
def api(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
) -> ApiClient:
    """An API that lets a person ask four times, and a stranger three times."""
    limited = Api(
        development_key=SecretStr(KEY),
        caller_per_minute=4,
        address_per_minute=3,
        trusted_proxies=(ip_network("127.0.0.1"),),
    )
    own = settings.model_copy(update={"api": limited})
    return started(create_app(own, assemble(own, database, storage, queues, clock)))


@contextmanager
def _within_one_window() -> Iterator[None]:
    """Make sure that what is counted together was asked within a minute."""
    began = datetime.now(UTC)
    yield
    assert (datetime.now(UTC) - began).total_seconds() < 60


def _signed(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKENS.issue(user.id, datetime.now(UTC))}"}


def _assert_limited(answer: Response) -> None:
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert answer.json()["code"] == "rate_limited"
    assert answer.json()["requestId"] == answer.headers["X-Request-Id"]


def test_a_person_is_limited_wherever_they_ask_and_nobody_else_with_them(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    other = a_user()
    database["users"].insert_one(other.to_row())

    with _within_one_window():
        for _ in range(2):
            graphql = api.post("/graphql", headers=_signed(participant), json=QUERY)
            assert graphql.status_code == 200
            assert api.get(JOB, headers=_signed(participant)).status_code == 404

        _assert_limited(api.post("/graphql", headers=_signed(participant), json=QUERY))
        _assert_limited(api.get(JOB, headers=_signed(participant)))
        assert api.get(JOB, headers=_signed(other)).status_code == 404


@pytest.mark.usefixtures("database")
def test_strangers_are_limited_by_address_on_pages_and_when_signing_in(
    api: ApiClient, participant: User
) -> None:
    here = {"X-Forwarded-For": "198.51.100.9"}
    there = {"X-Forwarded-For": "198.51.100.10"}

    with _within_one_window():
        assert api.get("/r/tok", headers=here).status_code == 200
        assert api.post("/graphql", headers=here, json=QUERY).status_code == 401
        guess = {"Authorization": "Bearer x.y.z"}
        assert api.get(JOB, headers=here | guess).status_code == 401

        _assert_limited(api.post("/r/tok", headers=here))
        _assert_limited(api.post("/graphql", headers=here, json=QUERY))
        _assert_limited(api.get(JOB, headers=here | guess))
        _assert_limited(api.get("/r/tok", headers=here | guess))
        assert api.get("/r/tok", headers=there).status_code == 200
        # Who signs in at the same place is not among the strangers.
        assert api.get(JOB, headers=_signed(participant)).status_code == 404


@pytest.mark.usefixtures("database")
def test_an_invented_address_is_worth_nothing(api: ApiClient) -> None:
    answers = [
        api.get("/r/tok", headers={"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.9"})
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


@pytest.mark.usefixtures("database")
def test_probes_are_never_refused(api: ApiClient) -> None:
    for path in ("/healthz", "/readyz") * 3:
        assert api.get(path).status_code == 200


@pytest.mark.usefixtures("database")
def test_mail_services_may_unsubscribe_many_from_one_address(api: ApiClient) -> None:
    for n in range(6):
        assert api.post(f"/u/tok-{n}").status_code == 200
