"""Errors of plain HTTP as ``application/problem+json`` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api.web.logs import request_id


class Problem(HTTPException):
    """A request that is refused.

    Args:
        status: The HTTP status.
        code: Snake-case identifier, part of the product's contract.
        detail: One sentence for a person.
        headers: To send along.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.code = code


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error answer with the request's id, by which its log is found."""
    body = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "requestId": request_id.get(),
    }
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def answer_http_exception(_request: Request, error: Exception) -> Response:
    """Turn ours and the framework's refusals into one form."""
    if isinstance(error, Problem):
        return problem(error.status_code, error.code, error.detail, error.headers)
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        code = f"http_{status.value}"
        return problem(status, code, f"{status.phrase}.", error.headers)
    raise error


def answer_invalid_request(_request: Request, _error: Exception) -> Response:
    """Refuse values that do not fit, without repeating them."""
    return problem(422, "invalid_request", "A value of the request does not fit.")
