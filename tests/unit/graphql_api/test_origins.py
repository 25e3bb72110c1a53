"""Which pages may ask: by HTTP, and by a WebSocket."""

import anyio
import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from graphql_api.web.origins import SocketOrigins, admit_pages

ALLOWED = "https://study.example"
OWN = "https://reports.study.example"


def _ask(method: str, **headers: str) -> httpx.Response:
    app = FastAPI()
    admit_pages(app, [ALLOWED])

    @app.get("/")
    async def answer() -> str:
        return "here"

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport) as client:
            named = {name.replace("_", "-"): text for name, text in headers.items()}
            return await client.request(method, "http://api.test/", headers=named)

    return anyio.run(ask)


def _preflight(origin: str, method: str, headers: str = "authorization") -> int:
    return _ask(
        "OPTIONS",
        Origin=origin,
        Access_Control_Request_Method=method,
        Access_Control_Request_Headers=headers,
    ).status_code


def _open_socket(*origins: str) -> list[Message]:
    """Return what is answered to an upgrade with these headers ``Origin``."""
    sent: list[Message] = []

    async def accepting(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "path": "/graphql",
        "headers": [(b"origin", origin.encode()) for origin in origins],
        "extensions": {"websocket.http.response": {}},
    }
    sockets = SocketOrigins(accepting, [ALLOWED], f"{OWN}:443/")
    anyio.run(sockets, scope, receive, send)
    return sent


def test_an_allowed_page_may_send_what_the_api_takes() -> None:
    headers = "authorization, content-type, if-match, traceparent"

    for method in ("GET", "POST", "PATCH", "DELETE"):
        assert _preflight(ALLOWED, method, headers) == 200
    assert _preflight(ALLOWED, "PUT", headers) == 400
    assert _preflight(ALLOWED, "POST", "x-anything") == 400


def test_an_allowed_page_may_read_the_answer_and_send_no_cookies() -> None:
    headers = _ask("GET", Origin=ALLOWED).headers

    assert headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "Origin" in headers["Vary"]
    assert set(headers["Access-Control-Expose-Headers"].split(", ")) == {
        *("ETag", "Location", "Retry-After", "X-Request-Id")
    }
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://study.example", f"{ALLOWED}.evil.example", "null"],
)
def test_another_page_may_neither_read_nor_open_a_socket(origin: str) -> None:
    assert _preflight(origin, "GET") == 400
    assert "Access-Control-Allow-Origin" not in _ask("GET", Origin=origin).headers
    start, body = _open_socket(origin)
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 403)
    assert b'"origin_refused"' in body["body"]


@pytest.mark.parametrize("origins", [[], [ALLOWED], [OWN]])
def test_a_program_and_an_allowed_page_open_a_socket(origins: list[str]) -> None:
    assert _open_socket(*origins) == [{"type": "websocket.accept"}]


def test_of_two_origins_both_have_to_be_allowed() -> None:
    assert _open_socket(ALLOWED, "https://evil.example")[0]["status"] == 403
