"""The outermost layer: an id for the request, a log line, and strict headers."""

import logging
from collections.abc import Mapping
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.web.logs import log_failure, request_id
from graphql_api.web.problems import problem
from trial_reports.identifiers import new_id

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
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        began = perf_counter()
        earlier = request_id.set(new_id("req"))

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message)
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:  # noqa: BLE001 - uvicorn would log its text
            log_failure(error)
            if not status:
                answer = problem(500, "internal_error", "Something went wrong here.")
                await answer(scope, receive, send_noting)
        finally:
            _logger.info(
                "%s %s %d %.0fms",
                scope["method"],
                _template(scope),
                status,
                (perf_counter() - began) * 1000,
            )
            request_id.reset(earlier)

    def _add_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers["X-Request-Id"] = request_id.get()
        for name, value in self._headers.items():
            headers.setdefault(name, value)


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "(none)")
