"""Signing in with a token of the identity provider, over HTTP."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import a_study, a_user
from tests.identity_provider import (
    ISSUER,
    RSA_KEY_ID,
    KeyPublisher,
    a_token,
    claims,
    publishing,
    rsa_key,
)
from tests.integration.graphql_api.client import KEY, TOKENS, ApiClient, Clock, Started
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Api, Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User
from trial_reports.users.repository import Users

OPERATION = {"query": "{ __typename }"}


@pytest.fixture
def publisher() -> Iterator[KeyPublisher]:
    with publishing() as publisher:
        yield publisher


@pytest.fixture
def app(
    settings: Settings,
    publisher: KeyPublisher,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
) -> FastAPI:
    """The API with a provider, and with development tokens beside it."""
    api = Api(
        development_key=SecretStr(KEY), jwks_url=publisher.url, token_issuer=ISSUER
    )
    with_provider = settings.model_copy(update={"api": api})
    services = assemble(with_provider, database, storage, queues, clock)
    return create_app(with_provider, services)


@pytest.fixture
def api(app: FastAPI, started: Started) -> ApiClient:
    return started(app)


@pytest.fixture
def person(database: Database[dict[str, Any]]) -> User:
    """Whom the provider calls ``subject-one``; somebody it does not know is there."""
    database["studies"].insert_one(a_study().to_row())
    person = a_user(subject="subject-one")
    database["users"].insert_many([person.to_row(), a_user().to_row()])
    return person


def _ask(api: ApiClient, token: str | None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return api.post("/graphql", headers=headers, json=OPERATION)


@pytest.mark.usefixtures("person")
def test_the_providers_token_signs_in_the_user_it_names(api: ApiClient) -> None:
    assert _ask(api, a_token()).status_code == 200


def test_the_provider_cannot_name_somebody_by_our_own_id(
    api: ApiClient, person: User
) -> None:
    assert _ask(api, a_token(sub=person.id)).status_code == 401


def test_a_subject_belongs_to_one_user(
    database: Database[dict[str, Any]], person: User
) -> None:
    with pytest.raises(DuplicateKeyError):
        database["users"].insert_one(a_user(subject=person.subject).to_row())

    assert Users(database).find_by_subject("subject-one") == person
    plan = database["users"].find({"subject": "subject-one"}).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])


@pytest.mark.usefixtures("person")
def test_whoever_is_refused_learns_nothing_about_why(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)
    wrong = [
        a_token(exp=past),
        a_token(aud="another-product"),
        a_token(sub="subject-nobody"),
        a_token("made-up"),
        jwt.encode(claims(), "", "none", {"kid": RSA_KEY_ID}),
        jwt.encode(claims(), rsa_key("another"), "RS256", {"kid": RSA_KEY_ID}),
        jwt.encode(claims(), "x" * 32, "HS256", {"kid": RSA_KEY_ID}),
        "x.y.z",
    ]
    with caplog.at_level(logging.INFO):
        answers = [_ask(api, token) for token in wrong]

    told = [{**answer.json(), "requestId": None} for answer in answers]
    assert all(one == told[0] for one in told)
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {
        'Bearer error="invalid_token"'
    }
    without = _ask(api, None)
    assert {**without.json(), "requestId": None} == told[0]
    assert without.headers["WWW-Authenticate"] == "Bearer"
    assert "not signed in: expired" in caplog.text
    assert not any(token in caplog.text for token in wrong)
    assert "subject-nobody" not in caplog.text


@pytest.mark.usefixtures("person")
def test_known_keys_sign_people_in_while_the_key_server_is_away(
    api: ApiClient, publisher: KeyPublisher
) -> None:
    assert _ask(api, a_token()).status_code == 200
    publisher.status, publisher.body = 503, json.dumps({}).encode()

    assert _ask(api, a_token("made-up")).status_code == 401
    assert _ask(api, a_token()).status_code == 200
    assert publisher.asked == 1


def test_a_person_who_is_deleted_is_out_with_the_next_request(
    api: ApiClient, person: User, database: Database[dict[str, Any]]
) -> None:
    assert _ask(api, a_token()).status_code == 200

    database["users"].delete_one({"_id": person.id})
    assert _ask(api, a_token()).status_code == 401


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.0.9", 200),
        ("::1", 200),
        ("192.0.2.7", 401),
        ("2001:db8::7", 401),
        ("testclient", 401),
    ],
)
def test_development_tokens_work_on_this_machine_only(
    app: FastAPI, started: Started, person: User, address: str, status: int
) -> None:
    app.add_middleware(_ComesFrom, address=address)
    token = TOKENS.issue(person.id, datetime.now(UTC))

    assert _ask(started(app), token).status_code == status


class _ComesFrom:
    """Makes requests come from an address, as a server sees them."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "client": (self._address, 4000)}, receive, send)
