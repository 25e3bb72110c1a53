"""What the library refuses, as problems (RFC 9457)."""

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.rest.answered import SubscriptionAnswered
from graphql_api.rest.revisions import entity_tag
from graphql_api.web.problems import problem
from trial_reports.errors import RequestError
from trial_reports.subscriptions.conflicts import SubscriptionConflict

_STATUS = {
    "cursor_unknown": 422,
    "email_consent_missing": 403,
    "email_not_verified": 403,
    "job_not_found": 404,
    "not_permitted": 403,
    "study_not_found": 404,
    "study_not_named": 422,
    "subscription_disabled": 409,
    "subscription_ended": 409,
    "subscription_not_found": 404,
}
"""What a caller may not see does not exist: 404, never 403."""


def answer_refusal(request: Request, error: Exception) -> Response:
    """Turn a refusal into a problem; a code that is not in the table is a bug."""
    if isinstance(error, SubscriptionConflict):
        return _conflict(request, error)
    if isinstance(error, RequestError) and error.code in _STATUS:
        return problem(_STATUS[error.code], error.code, error.message)
    raise error


def _conflict(request: Request, error: SubscriptionConflict) -> Response:
    # A change conflicts with its If-Match only (RFC 9110, 13.1.1).
    status = 412 if request.method == "PATCH" else 409
    present = SubscriptionAnswered.of(error.subscription)
    return problem(
        status,
        error.code,
        error.message,
        {"ETag": entity_tag(error.subscription)},
        subscription=present.model_dump(mode="json", by_alias=True),
    )
