"""Who may ask at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from httpx import Response
from pydantic import SecretStr
from pymongo.database import Database

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.integration.graphql_api.client import KEY, TOKENS, ApiClient, Clock, Started
from tests.signed_events import a_signer
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Api, Links, Mail, Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

SUBSCRIBE = """
mutation { createSubscription(input: {studyId: "stu_one"}) { __typename } }
"""


def _claims(user: User) -> dict[str, Any]:
    return {
        "aud": "trial-reports",
        "exp": datetime.now(UTC) + timedelta(minutes=1),
        "iss": "trial-reports-development",
        "sub": user.id,
    }


def _subscribe(api: ApiClient, authorization: str | None) -> Response:
    headers = {"Authorization": authorization} if authorization else {}
    return api.post("/graphql", headers=headers, json={"query": SUBSCRIBE})


def _assert_refused(response: Response, database: Database[dict[str, Any]]) -> None:
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "not_signed_in"
    assert database["subscriptions"].count_documents({}) == 0


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer ", "Bearer x.y.z", "Basic dXNlcg=="]
)
@pytest.mark.usefixtures("participant")
def test_without_a_token_nothing_happens(
    api: ApiClient, database: Database[dict[str, Any]], authorization: str | None
) -> None:
    _assert_refused(_subscribe(api, authorization), database)


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": datetime(2026, 1, 1, tzinfo=UTC)},
        {"exp": None},
        {"sub": None},
        {"aud": "another-product"},
        {"iss": "somebody-else"},
        {"sub": "usr_nobody"},
    ],
)
def test_a_token_that_is_not_wholly_right_is_refused(
    api: ApiClient,
    participant: User,
    database: Database[dict[str, Any]],
    wrong: dict[str, Any],
) -> None:
    claims = {k: v for k, v in (_claims(participant) | wrong).items() if v is not None}
    token = jwt.encode(claims, KEY, "HS256")

    _assert_refused(_subscribe(api, f"Bearer {token}"), database)


def test_only_our_key_and_algorithm_sign(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    claims = _claims(participant)
    forged = jwt.encode(claims, "x" * 32, "HS256")
    unsigned = jwt.encode(claims, "", "none")
    stronger = jwt.encode(claims, KEY * 2, "HS512")

    for token in (forged, unsigned, stronger):
        _assert_refused(_subscribe(api, f"Bearer {token}"), database)


def test_the_right_token_is_believed(api: ApiClient, participant: User) -> None:
    token = jwt.encode(_claims(participant), KEY, "HS256")

    response = _subscribe(api, f"bearer {token}")

    assert response.json()["data"]["createSubscription"] == {
        "__typename": "CreateSubscriptionSuccess"
    }


def test_in_production_there_is_no_way_around_the_provider(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
    participant: User,
) -> None:
    production = settings.model_copy(
        update={
            "environment": "production",
            "api": Api(
                development_key=SecretStr(KEY),  # which nothing reads there
                jwks_url="https://127.0.0.1:9/keys",
                token_issuer="https://login.example.com/",
            ),
            "links": Links(public_url="https://reports.example.com", opening="button"),
            "mail": Mail(
                api_key=SecretStr("SG.x"),
                sender="reports@example.com",
                webhook_keys=(a_signer().public_key,),
            ),
        }
    )
    services = assemble(production, database, storage, queues, clock)
    api = started(create_app(production, services))
    token = TOKENS.issue(participant.id, datetime.now(UTC))

    _assert_refused(_subscribe(api, f"Bearer {token}"), database)
    assert api.get("/graphql", headers={"Accept": "text/html"}).status_code == 405
    assert api.get("/openapi.json").status_code == 404


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"api": Api()}, "api.jwks_url and api.token_issuer are missing"),
        ({"mail": Mail()}, "mail.webhook_keys is missing"),
    ],
)
def test_in_production_the_api_refuses_to_start_without_its_keys(
    settings: Settings, lacking: dict[str, Any], named: str
) -> None:
    provider = Api(
        jwks_url="https://login.example.com/keys",
        token_issuer="https://login.example.com/",
    )
    mail = Mail(webhook_keys=(a_signer().public_key,))
    complete = {"environment": "production", "api": provider, "mail": mail}
    create_app(settings.model_copy(update=complete))

    with pytest.raises(ConfigurationError, match=named):
        create_app(settings.model_copy(update=complete | lacking))


@pytest.mark.parametrize("header", ["Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"])
def test_a_development_token_is_not_believed_through_a_proxy(
    api: ApiClient, participant: User, header: str
) -> None:
    token = TOKENS.issue(participant.id, datetime.now(UTC))
    headers = {"Authorization": f"Bearer {token}"}

    direct = api.post("/graphql", headers=headers, json={"query": "{ __typename }"})
    forwarded = api.post(
        "/graphql",
        headers={**headers, header: "127.0.0.1"},
        json={"query": "{ __typename }"},
    )

    assert (direct.status_code, forwarded.status_code) == (200, 401)
