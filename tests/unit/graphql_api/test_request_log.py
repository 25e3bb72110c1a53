"""The outermost layer, around an application that fails."""

import logging
import re

import anyio
import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from graphql_api.web.logs import request_id
from graphql_api.web.request_log import RequestLog
from trial_reports.errors import ServiceError

SECRET = "diary: felt dizzy"


def _ask(error: Exception) -> httpx.Response:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(RequestLog(failing))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get("http://api.test/r/tok-one")

    return anyio.run(ask)


def test_an_unforeseen_error_is_answered_and_logged_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "graphql_api"):
        answer = _ask(ValueError(SECRET))

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["requestId"] == answer.headers["X-Request-Id"]
    assert "failed: ValueError" in caplog.text
    assert "GET (none) 500" in caplog.text
    for said in (answer.text, caplog.text):
        assert SECRET not in said
        assert "tok-one" not in said


def test_the_products_own_errors_are_logged_in_full(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _ask(ServiceError("storage_refused", "Storage refuses us (AccessDenied)."))

    assert "storage_refused: Storage refuses us (AccessDenied)." in caplog.text


@pytest.mark.parametrize(
    ("answered", "status"), [("websocket.accept", 101), ("websocket.close", 403)]
)
def test_a_socket_is_a_line_without_its_path(
    caplog: pytest.LogCaptureFixture, answered: str, status: int
) -> None:
    ids: list[str] = []

    async def answering(_scope: Scope, _receive: Receive, send: Send) -> None:
        ids.append(request_id.get())
        await send({"type": answered})
        await send({"type": "websocket.close"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(_message: Message) -> None:
        pass

    scope = {"type": "websocket", "path": "/tok-one", "headers": []}
    with caplog.at_level(logging.INFO, "graphql_api"):
        anyio.run(RequestLog(answering), scope, receive, send)

    assert f"WEBSOCKET (none) {status}" in caplog.text
    assert "tok-one" not in caplog.text
    assert re.fullmatch("[0-9a-f]{32}", ids[0])
