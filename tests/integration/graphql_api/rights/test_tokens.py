"""Tokens that nobody is believed by: refused before anything is looked at."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import a_user
from tests.identity_provider import ISSUER, a_token, publishing
from tests.integration.graphql_api.client import KEY, ApiClient, Clock, Started
from tests.integration.graphql_api.live import serving
from tests.integration.graphql_api.rights.operations import OPERATIONS
from tests.integration.graphql_api.rights.routes import ROUTES
from tests.integration.graphql_api.rights.tokens import REFUSED
from tests.integration.graphql_api.rights.world import Place, World
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Api, Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

BY_SOCKET = "Subscription.jobStatus"


@pytest.fixture
def app(
    settings: Settings,
    database: Rows,
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
) -> Iterator[FastAPI]:
    """The API with a provider, and with development tokens beside it."""
    with publishing() as publisher:
        api = Api(
            development_key=SecretStr(KEY),
            jwks_url=publisher.url,
            token_issuer=ISSUER,
            address_per_minute=100_000,
        )
        own = settings.model_copy(update={"api": api})
        services = assemble(own, database, storage, queues, clock)
        yield create_app(own, services)


@pytest.fixture
def api(app: FastAPI, started: Started) -> ApiClient:
    return started(app)


@pytest.fixture
def person(database: Rows, world: World) -> User:
    """An operator of everything, with a subject at the provider."""
    operator = world.user("operator of all studies")
    named = operator.model_copy(update={"subject": "subject-one"})
    subject = {"$set": {"subject": named.subject}}
    database["users"].update_one({"_id": named.id}, subject)
    return named


@pytest.fixture
def place(world: World) -> Place:
    return world.place("operator of all studies", "own")


def _signed(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def _ask_everything(
    api: ApiClient, token: str | None, place: Place
) -> dict[str, httpx.Response]:
    """Ask for every operation and every route there is, and return the answers."""
    answers = {
        name: api.post(
            "/graphql",
            headers=_signed(token),
            json={"query": it.document, "variables": it.variables(place)},
        )
        for name, it in OPERATIONS.items()
        if name != BY_SOCKET
    }
    for (method, path), route in ROUTES.items():
        answers[f"{method} {path}"] = api.request(
            method, route.path(place), headers=_signed(token), json=route.body(place)
        )
    return answers


@pytest.mark.parametrize("wrong", REFUSED)
def test_every_operation_and_route_is_refused_before_anything_is_done(
    api: ApiClient, database: Rows, person: User, place: Place, wrong: str
) -> None:
    before = everything_in(database)

    answers = _ask_everything(api, REFUSED[wrong](person), place)

    told = {name: answer.status_code for name, answer in answers.items()}
    assert told == dict.fromkeys(answers, 401)
    bodies = [{**answer.json(), "requestId": None} for answer in answers.values()]
    assert all(body == bodies[0] for body in bodies)
    assert "data" not in bodies[0]
    assert everything_in(database) == before


@pytest.mark.parametrize("wrong", REFUSED)
def test_no_socket_stays_open(app: FastAPI, person: User, wrong: str) -> None:
    with serving(app) as live, live.open() as socket:
        socket.sign_in(REFUSED[wrong](person))
        assert socket.close_code() == 4403


def test_a_right_token_is_believed_everywhere(
    api: ApiClient, app: FastAPI, person: User, place: Place
) -> None:
    """So that what is refused above is refused for what is wrong with it."""
    token = a_token(sub=person.subject)
    answers = _ask_everything(api, token, place)

    assert max(answer.status_code for answer in answers.values()) < 500
    assert 401 not in {answer.status_code for answer in answers.values()}
    with serving(app) as live, live.open() as socket:
        socket.sign_in(token)
        assert socket.receive() == {"type": "connection_ack"}


def test_who_was_erased_is_nobody(api: ApiClient, database: Rows, place: Place) -> None:
    erased = a_user(subject="subject-two")
    database["users"].insert_one(erased.to_row())
    token = a_token(sub=erased.subject)
    assert api.get("/api/jobs/job_none", headers=_signed(token)).status_code == 404

    database["users"].delete_one({"_id": erased.id})

    answers = _ask_everything(api, token, place)
    assert {answer.status_code for answer in answers.values()} == {401}
