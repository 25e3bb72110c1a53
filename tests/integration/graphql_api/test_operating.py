"""What operators see: health, logs, and an API that comes up without help."""

import logging
import re
from typing import Any

import pytest
from pydantic import SecretStr
from pymongo.database import Database

from graphql_api.app import create_app
from tests.integration.graphql_api.client import ApiClient, Started
from trial_reports.settings import Mongo, Settings


def test_a_process_with_its_database_is_ready(
    api_settings: Settings, started: Started
) -> None:
    api = started(create_app(api_settings))  # makes its own clients

    for path in ("/healthz", "/readyz"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_process_without_its_database_says_so_soon_and_names_no_host(
    api_settings: Settings, started: Started
) -> None:
    nowhere = Mongo(uri=SecretStr("mongodb://127.0.0.1:9/?replicaSet=rs0"))
    api = started(create_app(api_settings.model_copy(update={"mongo": nowhere})))

    answer = api.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["code"] == "database_unavailable"
    assert "127.0.0.1" not in answer.text
    assert answer.elapsed.total_seconds() < 5
    # To start it anew would not bring the database back.
    assert api.get("/healthz").status_code == 200


@pytest.mark.usefixtures("database")
def test_logs_name_routes_and_never_tokens(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for path in ("/r/tok-one", "/u/tok-two", "/tok-three", "/r/tok-four/x"):
            api.get(path)
            api.post(path)

    assert "GET /r/{token} 200" in caplog.text
    assert "POST /u/{token} 200" in caplog.text
    assert "GET (none) 404" in caplog.text
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("graphql_api")]
    assert len(ours) == 8
    assert not any("tok-" in line for line in ours)


@pytest.mark.usefixtures("database")
def test_every_answer_carries_its_requests_id(api: ApiClient) -> None:
    found, missing = api.get("/r/x"), api.get("/none")

    ids = {answer.headers["X-Request-Id"] for answer in (found, missing)}
    assert len(ids) == 2
    assert missing.json()["requestId"] == missing.headers["X-Request-Id"]


@pytest.mark.usefixtures("database")
def test_a_request_keeps_the_trace_of_its_caller(api: ApiClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    valid, broken = f"00-{trace}-00f067aa0ba902b7-01", f"00-{trace}-00f067aa0ba902b7"

    def named(*headers: str) -> str:
        answer = api.get("/none", headers=[("traceparent", h) for h in headers])
        return str(answer.json()["requestId"])

    assert named(valid) == trace
    for headers in ((broken,), (valid, valid), ()):
        assert re.fullmatch("[0-9a-f]{32}", named(*headers))
        assert named(*headers) != trace


def test_developers_find_an_ide_and_the_schema(
    api: ApiClient, database: Database[dict[str, Any]]
) -> None:
    del database
    page = api.get("/graphql", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "graphiql" in page.text.lower()
