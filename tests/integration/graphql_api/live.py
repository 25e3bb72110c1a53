"""The API on a real port, and sockets to it (graphql-transport-ws)."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from graphql_api.jobs.watch import JobWatch
from tests.integration.graphql_api.client import TOKENS
from trial_reports.users.models import User

JOB_STATUS = """
subscription ($id: ID!) {
  jobStatus(jobId: $id) {
    __typename
    ... on Job { id status completedAt error { code } reportUrl run { dagRunId } }
    ... on Error { message code }
  }
}
"""
NOT_FOUND = {
    "__typename": "NotFoundError",
    "message": "There is no such job.",
    "code": "JOB_NOT_FOUND",
}
_SECONDS = 20
_PROTOCOL = Subprotocol("graphql-transport-ws")


class Socket:
    """One connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def send(self, type_: str, **more: Any) -> None:
        self._connection.send(json.dumps({"type": type_, **more}))

    def sign_in(self, token: str | None) -> None:
        """Say who is asking; nothing is awaited."""
        payload = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.send("connection_init", payload=payload)

    def follow(self, job_id: str, name: str = "1") -> None:
        self.ask(JOB_STATUS, name, id=job_id)

    def ask(self, query: str, name: str = "1", **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        self.send("subscribe", id=name, payload=payload)

    def leave(self, name: str = "1") -> None:
        self.send("complete", id=name)

    def receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._connection.recv(_SECONDS))
        return message

    def told(self) -> dict[str, Any]:
        """Return the next state of the job that is followed."""
        message = self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        told: dict[str, Any] = message["payload"]["data"]["jobStatus"]
        return told

    def is_complete(self) -> bool:
        return bool(self.receive()["type"] == "complete")

    def close_code(self) -> int:
        """Return with what the server closes the connection, saying nothing else."""
        with pytest.raises(ConnectionClosed) as closed:
            self.receive()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code

    def close(self) -> None:
        self._connection.close()


class LiveApi:
    """An application on a port of this machine."""

    def __init__(self, app: FastAPI, port: int) -> None:
        self._app = app
        self.address = f"ws://127.0.0.1:{port}/graphql"

    @property
    def watch(self) -> JobWatch:
        watch: JobWatch = self._app.state.job_watch
        return watch

    def until_nobody_follows(self) -> None:
        """Wait until those who have left are noticed to be gone."""
        deadline = time.monotonic() + _SECONDS
        while self.watch.followers:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    @contextmanager
    def open(self, origin: str | None = None) -> Iterator[Socket]:
        """Open a socket, on which nobody has signed in."""
        connection = connect(
            self.address,
            open_timeout=_SECONDS,
            origin=None if origin is None else Origin(origin),
            proxy=None,
            subprotocols=[_PROTOCOL],
        )
        with connection:
            yield Socket(connection)

    @contextmanager
    def signed_in(self, user: User) -> Iterator[Socket]:
        """Open a socket for somebody."""
        with self.open() as opened:
            opened.sign_in(token_of(user))
            assert opened.receive() == {"type": "connection_ack"}
            yield opened


def token_of(user: User, valid: timedelta = timedelta(hours=12)) -> str:
    """Return a development token."""
    return TOKENS.issue(user.id, datetime.now(UTC) + valid - timedelta(hours=12))


@contextmanager
def serving(app: FastAPI) -> Iterator[LiveApi]:
    """Serve an application until the end of the block."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5)
        )
        # Who connects early waits in the backlog.
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield LiveApi(app, listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
