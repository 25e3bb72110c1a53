"""GraphQL over HTTP and, for subscriptions, over sockets (graphql-transport-ws).

A socket's token comes with its first message, since browsers can send no header
with a socket::

    {"type": "connection_init", "payload": {"Authorization": "Bearer …"}}
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError
from strawberry.fastapi import GraphQLRouter
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.types.unset import UNSET, UnsetType

from graphql_api.context import Context, context_getter
from graphql_api.identity import Entrance, signed_in_user
from graphql_api.web.problems import Problem

_UNAUTHORIZED = 4401  # of the protocol graphql-transport-ws
_MOST_AT_ONCE = 10
_PATIENCE = timedelta(seconds=10)


class _Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """Closes a connection when the token that opened it expires."""

    _expiry: asyncio.Task[None] | None = None

    async def handle_connection_init(self, message: Any) -> None:  # noqa: ANN401 - Strawberry's own type is of no use here
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self.context.expires_at is not None:
            self._expiry = asyncio.create_task(self._close_at(self.context.expires_at))

    async def shutdown(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            # Whoever was gone before could not be told; those who follow end anyway.
            with suppress(Exception, asyncio.CancelledError):
                await self._expiry
        await super().shutdown()

    async def _close_at(self, instant: datetime) -> None:
        await asyncio.sleep((instant - datetime.now(UTC)).total_seconds())
        await self.websocket.close(code=_UNAUTHORIZED, reason="Token expired")


class Endpoint(GraphQLRouter[Context, None]):
    """``/graphql``: queries and mutations by POST, subscriptions by socket.

    Args:
        schema: The schema.
        entrance: Finds out who is asking.
        path: Where it answers.
        with_ide: Whether a browser gets an IDE at the same path.
    """

    graphql_transport_ws_handler_class = _Socket

    def __init__(
        self, schema: BaseSchema, entrance: Entrance, path: str, *, with_ide: bool
    ) -> None:
        super().__init__(
            schema,
            path=path,
            allow_queries_via_get=False,
            connection_init_wait_timeout=_PATIENCE,
            context_getter=context_getter(signed_in_user(entrance)),
            graphql_ide="graphiql" if with_ide else None,
            max_subscriptions_per_connection=_MOST_AT_ONCE,
            multipart_uploads_enabled=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
        )
        self._entrance = entrance

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:  # noqa: ARG002 - Strawberry's signature
        """Leave it to `SocketOrigins`, which has looked at it already."""
        return True

    async def on_ws_connect(
        self, context: Context
    ) -> UnsetType | dict[str, object] | None:
        """Let somebody in whose token is good.

        Raises:
            ConnectionRejectionError: It is not; the socket is closed with 4403.
        """
        sent = context.connection_params
        header = _header(sent if isinstance(sent, Mapping) else {})
        try:
            user, context.expires_at = await context.ask(
                self._entrance.user, _of(context), context.services.users, header
            )
        except Problem:
            raise ConnectionRejectionError from None
        context.renew(user)
        nothing: UnsetType = UNSET
        return nothing


def _header(sent: Mapping[str, object]) -> str | None:
    values = {name.lower(): value for name, value in sent.items()}
    header = values.get("authorization")
    return header if isinstance(header, str) else None


def _of(context: Context) -> HTTPConnection:
    if not isinstance(context.request, WebSocket):
        raise TypeError("only a socket is signed in later")
    return context.request
