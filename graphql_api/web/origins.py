"""Which web pages may ask, in somebody's browser."""

from collections.abc import Collection
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.web.problems import problem

_ASKED_AGAIN = 600  # seconds until a browser asks anew what it may send


def admit_pages(app: FastAPI, allowed: Collection[str]) -> None:
    """Let the pages of the allowed origins ask, and no others.

    There are no cookies, so no credentials either: a page has to have a token.

    Args:
        app: The application.
        allowed: The origins.
    """
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(allowed),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "If-Match", "traceparent"],
        expose_headers=["ETag", "Location", "Retry-After", "X-Request-Id"],
        max_age=_ASKED_AGAIN,
    )


class SocketOrigins:
    """Refuses WebSockets to pages that may not ask (RFC 6455, 10.2).

    Browsers open one to anywhere, and say from which page; CORS is not asked.
    Whoever names no origin is no browser.

    Args:
        app: The application inside.
        allowed: The origins of the pages that may.
        own: Our own address, whose pages may as well.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str], own: str) -> None:
        self._app = app
        self._allowed = {*allowed, _origin(own)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket" and not self._may_ask(Headers(scope=scope)):
            detail = "This page may not ask here."
            await problem(403, "origin_refused", detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may_ask(self, headers: Headers) -> bool:
        return all(origin in self._allowed for origin in headers.getlist("Origin"))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"
