"""How refusals appear in the API's description (OpenAPI)."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from graphql_api.rest.answered import SubscriptionAnswered

_COMPONENTS = "#/components/schemas/{model}"
_ALWAYS = (401, 429, 500, 503)

Responses = dict[int | str, dict[str, Any]]
"""Answers by status, as FastAPI takes them."""


class InvalidValue(BaseModel):
    """A value of a request that does not fit."""

    place: str = Field(description="A JSON pointer into the body, or a parameter.")
    detail: str


class ProblemDetails(BaseModel):
    """Why there is no answer (RFC 9457)."""

    title: str
    status: int
    code: str = Field(description="Stable; what programs go by.")
    detail: str = Field(description="One sentence for a person.")
    requestId: str  # noqa: N815 - as it is sent
    errors: list[InvalidValue] = Field([], description="With 422.")
    subscription: SubscriptionAnswered | None = Field(
        None, description="As it is now, with the code `conflict`."
    )


ETAG = {"ETag": {"description": "Its revision.", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}


def refused(*statuses: int) -> Responses:
    """Return the description of a route's refusals, with those of every route."""
    schema = {"$ref": _COMPONENTS.format(model=ProblemDetails.__name__)}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in sorted({*_ALWAYS, *statuses})
    }


def describe_problems(app: FastAPI) -> None:
    """Add what refusals look like to the API's description.

    FastAPI can describe further answers only in the media type of the first.
    """
    generate = app.openapi

    def with_problems() -> dict[str, Any]:
        description = generate()
        _, definitions = models_json_schema(
            [(ProblemDetails, "serialization")], ref_template=_COMPONENTS
        )
        description["components"]["schemas"] |= definitions["$defs"]
        return description

    app.openapi = with_problems  # type: ignore[method-assign]  # FastAPI's way
