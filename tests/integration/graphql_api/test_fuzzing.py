"""Whatever is asked, nothing breaks and nobody is shown what is not theirs.

`make fuzz` asks more.
"""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pymongo.database import Database
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from graphql_api.app import create_app
from graphql_api.schema import build_schema
from graphql_api.services import assemble
from tests.fuzzing.asking import odd_requests, operations
from tests.fuzzing.verdict import Answer, Verdict
from tests.fuzzing.world import MEMBERSHIPS, World, a_world
from tests.integration.graphql_api.client import TOKENS, Clock
from tests.integration.graphql_api.serving import serving
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "70"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
CALLERS = (*MEMBERSHIPS, "nobody")

pytestmark = pytest.mark.timeout(60 + EXAMPLES)

fuzz = settings(
    database=None,
    deadline=None,
    max_examples=EXAMPLES,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(
    database: Database[dict[str, Any]], storage: Storage, settings: Settings
) -> World:
    return a_world(database, storage, settings.storage.reports_uri)


@pytest.fixture
def address(
    api_settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
) -> Iterator[str]:
    at_any_rate = {"caller_per_minute": 1_000_000, "address_per_minute": 1_000_000}
    api = api_settings.api.model_copy(update=at_any_rate)
    settings = api_settings.model_copy(update={"api": api})
    services = assemble(settings, database, storage, queues, clock)
    with serving(create_app(settings, services)) as url:
        yield url


@pytest.fixture
def verdict(
    world: World,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Verdict]:
    schema = build_schema(introspection=True)
    verdict = Verdict(world, schema._schema)  # noqa: SLF001 - Strawberry has no other way to it
    yield verdict
    logged = caplog.get_records("call")
    assert [it for it in logged if it.levelno >= logging.ERROR] == []
    with capsys.disabled():
        if "FUZZ_EXAMPLES" in os.environ:
            print(f"\n{verdict}")  # noqa: T201 - what `make fuzz` is asked for


def _token_of(world: World, caller: str) -> dict[str, str]:
    if caller == "nobody":
        return {}
    token = TOKENS.issue(world.people[caller].id, datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


def _ask_by(schema: BaseSchema, address: str, world: World, verdict: Verdict) -> None:
    with requests.Session() as session:
        session.trust_env = False

        @seed(SEED)
        @fuzz
        @given(operations(schema, world.known), st.sampled_from(CALLERS))
        def ask(case: Case[Any], caller: str) -> None:
            answer = case.call(
                base_url=address, headers=_token_of(world, caller), session=session
            )
            asked = f"{case.method} {case.formatted_path} {case.query} {case.body!r}"
            told = f"{answer.headers}\n{answer.text}"
            verdict.on(Answer(caller, asked, answer.status_code, told))

        ask()


def test_the_graphql_contract(address: str, world: World, verdict: Verdict) -> None:
    contract = build_schema(introspection=True).as_str()
    schema = schemathesis.graphql.from_file(contract)

    _ask_by(schema, f"{address}/graphql", world, verdict)


def test_the_rest_contract(
    address: str, world: World, verdict: Verdict, api_settings: Settings
) -> None:
    schema = schemathesis.openapi.from_dict(create_app(api_settings).openapi())

    _ask_by(schema, address, world, verdict)


def test_no_contract(address: str, world: World, verdict: Verdict) -> None:
    with httpx.Client(base_url=address, trust_env=False) as client:

        @seed(SEED)
        @fuzz
        @given(odd_requests, st.sampled_from(CALLERS))
        def ask(asked: dict[str, Any], caller: str) -> None:
            headers = _token_of(world, caller) | asked["headers"]
            answer = client.request(
                asked["method"],
                asked["path"],
                headers={k: v.encode("latin-1") for k, v in headers.items()},
                content=asked["content"],
            )
            told = f"{answer.headers}\n{answer.text}"
            verdict.on(Answer(caller, repr(asked), answer.status_code, told))

        ask()
