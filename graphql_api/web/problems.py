"""Errors of plain HTTP as ``application/problem+json`` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api.web.logs import request_id

_MOST_ERRORS = 20


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
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    """Return an error answer with the request's id, by which its log is found.

    Args:
        status: The HTTP status.
        code: Snake-case identifier, part of the product's contract.
        detail: One sentence for a person.
        headers: To send along.
        **more: Further members, which a program can go by.
    """
    body = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "requestId": request_id.get(),
        **more,
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


def answer_invalid_request(_request: Request, error: Exception) -> Response:
    """Refuse values that do not fit: says where and why, without repeating them."""
    if not isinstance(error, RequestValidationError):
        raise error
    return problem(
        422,
        "invalid_request",
        "A value of the request does not fit.",
        errors=[
            {"place": place(wrong["type"], wrong["loc"]), "detail": wrong["msg"]}
            for wrong in error.errors()[:_MOST_ERRORS]
        ],
    )


def place(kind: str, steps: Sequence[str | int]) -> str:
    """Return where in a request something is wrong.

    Args:
        kind: Pydantic's type of the error.
        steps: Pydantic's path to it, from the part of the request on.

    Returns:
        A JSON pointer (RFC 6901) as a URI fragment for the body; otherwise the
        part and the parameter. An unknown field is told by what it is in, for
        its name is the client's own text.
    """
    part, *way = steps
    if kind == "json_invalid":
        way = []
    if kind == "extra_forbidden":
        way = way[:-1]
    if part == "body":
        return "#" + "".join(f"/{step}" for step in way)
    return " ".join(str(step) for step in (part, *way))
