"""``/graphql``: GraphQL over HTTP (https://graphql.github.io/graphql-over-http).

A client that accepts ``application/graphql-response+json`` is told by the status
whether its operation was carried out. To ``application/json`` every well-formed
request is answered with 200, as clients of old expect it. What is no GraphQL
request at all is a problem (RFC 9457), like anything else that we refuse.
"""

from collections.abc import Mapping
from datetime import timedelta
from json import JSONDecodeError

from cross_web import AsyncHTTPRequestAdapter
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET, UnsetType

from graphql_api.context import Context, context_getter
from graphql_api.identity import Entrance, signed_in_user
from graphql_api.media_types import preferred
from graphql_api.operation import AskedOperation
from graphql_api.sockets import Socket
from graphql_api.web.problems import Problem, place

_JSON = "application/json"
_RESPONSE = "application/graphql-response+json"
_MOST_AT_ONCE = 10
_PATIENCE = timedelta(seconds=10)


class Endpoint(GraphQLRouter[Context, None]):
    """Queries and mutations by POST, subscriptions by socket.

    Args:
        schema: The schema.
        entrance: Finds out who is asking.
        path: Where it answers.
        with_ide: Whether a browser gets an IDE at the same path.
    """

    graphql_transport_ws_handler_class = Socket

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

    def page(self, request: Request) -> Response:
        """Return the IDE for a browser's address bar, which can send no token.

        Raises:
            Problem: This is no browser, or there is no IDE.
        """
        if self.graphql_ide is None or "text/html" not in _accept(request):
            raise Problem(
                405, "method_not_allowed", "Operations come by POST.", {"Allow": "POST"}
            )
        policy = {"Content-Security-Policy": "frame-ancestors 'none'"}
        return HTMLResponse(self.graphql_ide_html, headers=policy)

    async def get_sub_response(self, request: Request) -> Response:
        """Choose the media type, before anything is done.

        Raises:
            Problem: The client takes none that we have.
        """
        media_type = preferred(_accept(request), (_JSON, _RESPONSE))
        if media_type is None:
            detail = f"Please accept {_RESPONSE} or {_JSON}."
            raise Problem(406, "not_acceptable", detail)
        answer = await super().get_sub_response(request)
        answer.media_type = media_type
        return answer

    async def parse_http_body(
        self, request: AsyncHTTPRequestAdapter
    ) -> GraphQLRequestData:
        """Read the one operation that a request asks for.

        Raises:
            Problem: It is not JSON, or not what GraphQL over HTTP describes.
        """
        if (request.content_type or "").partition(";")[0].strip().lower() != _JSON:
            detail = f"Please send {_JSON}."
            raise Problem(415, "unsupported_media_type", detail)
        try:
            asked = AskedOperation.model_validate_json(await request.get_body())
        except ValidationError as error:
            wrong = error.errors()[0]
            where = place(wrong["type"], ("body", *wrong["loc"]))
            raise Problem(400, "invalid_request", f"{where}: {wrong['msg']}.") from None
        return GraphQLRequestData(
            query=asked.query,
            variables=asked.variables,
            operation_name=asked.operation_name,
            extensions=asked.extensions,
        )

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """Leave ``data`` out where nothing was carried out (GraphQL, section 7.1)."""
        answer = await super().process_result(request, result)
        if result.data is None and not any(it.path for it in result.errors or ()):
            del answer["data"]
        return answer

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """Put an answer into the media type that was chosen, with its status."""
        answer = super().create_response(response_data, sub_response)
        answer.headers["Content-Type"] = f"{sub_response.media_type}; charset=utf-8"
        if sub_response.media_type == _RESPONSE and "data" not in response_data:
            answer.status_code = 400
        return answer

    def decode_json(self, data: str | bytes) -> object:
        """Read a socket's message.

        Raises:
            JSONDecodeError: It is none, or nested or long beyond reason.
        """
        try:
            return from_json(data)
        except (TypeError, ValueError):  # of bytes, uvicorn says that the text is None
            raise JSONDecodeError("no JSON", "", 0) from None

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


def _accept(request: Request) -> str:
    return ", ".join(request.headers.getlist("accept"))


def _header(sent: Mapping[str, object]) -> str | None:
    values = {name.lower(): value for name, value in sent.items()}
    header = values.get("authorization")
    return header if isinstance(header, str) else None


def _of(context: Context) -> HTTPConnection:
    if not isinstance(context.request, WebSocket):
        raise TypeError("only a socket is signed in later")
    return context.request
