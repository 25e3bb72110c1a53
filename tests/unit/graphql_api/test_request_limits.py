"""Requests that would never end."""

import anyio
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.web.request_limits import RequestLimits


async def _never(_: Request) -> Response:
    await anyio.sleep_forever()
    raise AssertionError("unreachable")


def test_a_request_that_takes_too_long_is_ended() -> None:
    app = RequestLimits(Starlette(routes=[Route("/", _never)]), seconds=0.05)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get("http://api.test/")

    answer = anyio.run(ask)

    assert answer.status_code == 503
    assert answer.json()["code"] == "timeout"
