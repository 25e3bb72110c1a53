"""The outermost layer: the request's id, a log line, and strict headers."""

import logging
from collections.abc import Mapping
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.web.logs import log_failure, request_id
from graphql_api.web.problems import problem
from trial_reports.correlation import new_correlation_id, traced

STRICT_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""What every answer says unless its route says otherwise: all of them are
private, and an address may hold a token that must not travel on as a referrer."""

_logger = logging.getLogger(__name__)


class RequestLog:
    """Writes one line for each request: method, route template, status, time.

    The request's id is the trace id that the caller names, or a new one.

    The path itself is never written, for it may hold the token of a link. An
    error that nothing inside has answered ends here, without its text.

    Args:
        app: The application inside.
        headers: Added to every answer that does not set them itself.
    """

    def __init__(
        self, app: ASGIApp, headers: Mapping[str, str] = STRICT_HEADERS
    ) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a WebSocket is one from its upgrade to its end."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        status = 0
        began = perf_counter()
        earlier = request_id.set(_correlation_id(Headers(scope=scope)))

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"].endswith("http.response.start"):
                status = message["status"]
                self._add_headers(message)
            if message["type"] == "websocket.accept":
                status = 101
            if message["type"] == "websocket.close":
                status = status or 403
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:  # noqa: BLE001 - uvicorn would log its text
            log_failure(error)
            if not status:
                answer = problem(500, "internal_error", "Something went wrong here.")
                await answer(scope, receive, send_noting)
        finally:
            _log(scope, status, (perf_counter() - began) * 1000)
            request_id.reset(earlier)

    def _add_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers["X-Request-Id"] = request_id.get()
        for name, value in self._headers.items():
            headers.setdefault(name, value)


def _correlation_id(headers: Headers) -> str:
    named = headers.getlist("traceparent")
    # Two of them come from a broken caller: neither is believed.
    trace = traced(named[0]) if len(named) == 1 else None
    return trace or new_correlation_id()


def _log(scope: Scope, status: int, milliseconds: float) -> None:
    method, route = scope.get("method", "WEBSOCKET"), _template(scope)
    facts = {"method": method, "route": route, "status": status}
    facts["milliseconds"] = round(milliseconds, 1)
    _logger.info("%s %s %d", method, route, status, extra={"facts": facts})


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "(none)")
