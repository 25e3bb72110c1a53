"""Sockets of subscriptions (graphql-transport-ws).

A socket's token comes with its first message, since browsers can send no header
with a socket::

    {"type": "connection_init", "payload": {"Authorization": "Bearer …"}}
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)

from graphql_api.context import Context
from graphql_api.operation import AskedOperation

_PRINTABLE = r"^[ -~]*$"
_UNAUTHORIZED = 4401  # of the protocol graphql-transport-ws


class _Message(BaseModel):
    """What all messages of the protocol have.

    Its texts come back in close reasons, which have 123 bytes (RFC 6455, 5.5).
    """

    type: Annotated[str, Field(max_length=64, pattern=_PRINTABLE)]
    id: Annotated[str | None, Field(max_length=64, pattern=_PRINTABLE)] = None
    payload: dict[str, Any] | None = None


class Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """Closes a connection when the token that opened it expires."""

    _expiry: asyncio.Task[None] | None = None

    async def handle_message(self, message: Any) -> None:  # noqa: ANN401 - whatever a client sends
        """Close the connection for what is no message, as the protocol wants it."""
        try:
            told = _Message.model_validate(message)
            if told.type == "subscribe":
                AskedOperation.model_validate(told.payload)
        except ValidationError:
            await self.handle_invalid_message("This is no message of the protocol")
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:  # noqa: ANN401 - Strawberry's own type is of no use here
        """Let the connection live as long as its token."""
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self.context.expires_at is not None:
            self._expiry = asyncio.create_task(self._close_at(self.context.expires_at))

    async def shutdown(self) -> None:
        """Stop waiting for the token's end."""
        if self._expiry is not None:
            self._expiry.cancel()
            # Whoever was gone before could not be told; those who follow end anyway.
            with suppress(Exception, asyncio.CancelledError):
                await self._expiry
        await super().shutdown()

    async def _close_at(self, instant: datetime) -> None:
        await asyncio.sleep((instant - datetime.now(UTC)).total_seconds())
        await self.websocket.close(code=_UNAUTHORIZED, reason="Token expired")
