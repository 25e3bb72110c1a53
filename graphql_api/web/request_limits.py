"""How much a request may send, and how long it may take."""

from collections.abc import Mapping

from anyio import move_on_after
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.web.problems import Problem, problem

BODY_BYTES = 64 * 1024
"""More than any request of ours needs; files are uploaded to the store directly."""

SECONDS = 30.0
"""Above the longest chain of database calls, each with its own time-out."""


class RequestLimits:
    """Refuses bodies that are too large and ends requests that take too long.

    A thread that is at work is waited for; the clients' own time-outs bound it.

    Args:
        app: The application inside.
        body_bytes: The most bytes of a body.
        seconds: The longest a request may take, its body's arrival included.
        larger_bodies: The most bytes at paths that need more.
    """

    def __init__(
        self,
        app: ASGIApp,
        body_bytes: int = BODY_BYTES,
        seconds: float = SECONDS,
        larger_bodies: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._larger_bodies = larger_bodies or {}
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._larger_bodies.get(_path(scope), self._body_bytes)
        if _declared_length(scope) > most:
            refusal = _too_large()
            answer = problem(refusal.status_code, refusal.code, refusal.detail)
            await answer(scope, receive, send)
            return
        received = 0
        answering = False

        async def receive_counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise _too_large()
            return message

        async def send_noting(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        with move_on_after(self._seconds) as deadline:
            await self._app(scope, receive_counting, send_noting)
        if deadline.cancelled_caught and not answering:
            answer = problem(503, "timeout", "This took too long; please try again.")
            await answer(scope, receive, send)


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _declared_length(scope: Scope) -> int:
    declared = dict(scope["headers"]).get(b"content-length", b"")
    return int(declared) if declared.isdigit() else 0


def _too_large() -> Problem:
    return Problem(413, "body_too_large", "The request is too large.")
