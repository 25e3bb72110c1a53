"""What SendGrid answers when it does not take a mail."""

import time
from collections.abc import Sequence
from http import HTTPStatus

from pydantic import BaseModel
from starlette.responses import HTMLResponse, JSONResponse, Response

_RATE_LIMIT = 600
_MESSAGES = {
    400: "Bad Request",
    401: "The provided authorization grant is invalid, expired, or revoked",
    403: "access forbidden",
    413: "content too large",
    415: "unsupported media type",
    429: "too many requests",
    500: "internal server error",
    503: "service unavailable",
}
_PROXY_ERRORS = (502, 504)
"""These come from in front of SendGrid, with a page instead of JSON."""


class Problem(BaseModel):
    """One entry of SendGrid's ``errors``."""

    message: str
    field: str | None = None
    help: str | None = None


def rejection(status: int, problems: Sequence[Problem] = ()) -> Response:
    """Return SendGrid's answer with this status.

    Args:
        status: The HTTP status code, 400 or more.
        problems: What is wrong, where SendGrid says it.
    """
    if status in _PROXY_ERRORS:
        phrase = HTTPStatus(status).phrase
        return HTMLResponse(f"<h1>{status} {phrase}</h1>", status)
    errors = problems or [Problem(message=_MESSAGES[status])]
    return JSONResponse({"errors": [e.model_dump() for e in errors]}, status)


def rate_limited(retry_after: int) -> Response:
    """Return a 429 whose limit resets in ``retry_after`` seconds."""
    answer = rejection(429)
    answer.headers["X-RateLimit-Limit"] = str(_RATE_LIMIT)
    answer.headers["X-RateLimit-Remaining"] = "0"
    answer.headers["X-RateLimit-Reset"] = str(int(time.time()) + retry_after)
    return answer
