"""How a server can close a connection without answering."""

import asyncio
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "transport"


class DroppableProtocol(H11Protocol):
    """HTTP that shows each request the connection it came by."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Put the connection among the values that requests can see."""
        self.app_state = {**self.app_state, _TRANSPORT: transport}
        super().connection_made(cast("asyncio.Transport", transport))


async def drop(request: Request) -> Response:
    """Close the connection; the caller never sees an answer."""
    cast("asyncio.Transport", request.scope["state"][_TRANSPORT]).abort()
    return await hang(request)


async def hang(request: Request) -> Response:
    """Wait until the caller has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()
