"""What is no message of graphql-transport-ws ends the connection, and nothing else."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from websockets import ConnectionClosed, Subprotocol
from websockets.sync.client import ClientConnection, connect

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.integration.graphql_api.client import TOKENS, Clock
from tests.integration.graphql_api.serving import serving
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

JOB = 'subscription { jobStatus(jobId: "job_none") { __typename } }'
NO_MESSAGES: tuple[str | bytes, ...] = (
    *("", "[" * 30_000, "1" * 5000, '"\\ud800"', "[]", "null", "{}", b"\xff"),
    json.dumps({"type": "x" * 500}),
    json.dumps({"type": ["subscribe"]}),
    json.dumps({"type": "subscribe", "id": "a", "payload": None}),
    json.dumps({"type": "subscribe", "id": "a", "payload": {"query": 5}}),
    json.dumps({"type": "subscribe", "id": "a" * 500, "payload": {"query": JOB}}),
    json.dumps({"type": "subscribe", "id": {}, "payload": {"query": JOB}}),
    json.dumps({"type": "subscribe", "payload": {"query": JOB, "variables": [1]}}),
    json.dumps({"type": "subscribe", "payload": {"query": JOB}}),
)


@pytest.fixture
def address(
    api_settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
) -> Iterator[str]:
    services = assemble(api_settings, database, storage, queues, clock)
    with serving(create_app(api_settings, services)) as url:
        yield f"{url.replace('http', 'ws')}/graphql"


@contextmanager
def _signed_in(address: str, user: User) -> Iterator[ClientConnection]:
    protocol = Subprotocol("graphql-transport-ws")
    token = TOKENS.issue(user.id, datetime.now(UTC))
    payload = {"Authorization": f"Bearer {token}"}
    with connect(address, proxy=None, subprotocols=[protocol]) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(socket.recv(timeout=5)) == {"type": "connection_ack"}
        yield socket


def test_what_is_no_message_closes_the_socket(
    address: str, participant: User, caplog: pytest.LogCaptureFixture
) -> None:
    for message in NO_MESSAGES:
        with _signed_in(address, participant) as socket:
            socket.send(message)
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=5)

        assert closed.value.rcvd is not None, message[:99]
        assert closed.value.rcvd.code == 4400, message[:99]
    assert [it for it in caplog.records if it.levelno >= logging.ERROR] == []


def test_what_is_a_message_is_answered(address: str, participant: User) -> None:
    with _signed_in(address, participant) as socket:
        asked = {"query": JOB, "variables": None, "of another edition": 1}
        socket.send(json.dumps({"type": "subscribe", "id": "a", "payload": asked}))

        told = json.loads(socket.recv(timeout=5))

    assert told["payload"]["data"] == {"jobStatus": {"__typename": "NotFoundError"}}
