"""Expected refusals as types a frontend can select, and the one table of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import strawberry
from strawberry.pydantic import InputValidationError
from strawberry.types.field import StrawberryField

from graphql_api.subscriptions.types import ReportSubscription
from trial_reports.errors import RequestError
from trial_reports.jobs.requesting import AskedTooOften
from trial_reports.subscriptions.conflicts import SubscriptionConflict


@strawberry.enum(description="Why a request was refused; new codes may be added.")
class ErrorCode(Enum):
    """The library's codes for requests."""

    BEFORE_JOINING = "before_joining"
    CONFLICT = "conflict"
    DECISION_IN_PROGRESS = "decision_in_progress"
    DISABLED = "disabled"
    EMAIL_CONSENT_MISSING = "email_consent_missing"
    EMAIL_NOT_ALLOWED = "email_not_allowed"
    EMAIL_NOT_VERIFIED = "email_not_verified"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    INVALID_INPUT = "invalid_input"
    JOB_NOT_ENDED = "job_not_ended"
    JOB_NOT_FOUND = "job_not_found"
    NOT_COMPLETED = "not_completed"
    NOT_PERMITTED = "not_permitted"
    ONE_REPORT_A_DAY = "one_report_a_day"
    PAUSED = "paused"
    PERIOD_NOT_OVER = "period_not_over"
    PERIOD_UNKNOWN = "period_unknown"
    REPORT_UNAVAILABLE = "report_unavailable"
    STUDY_NOT_FOUND = "study_not_found"
    SUBSCRIPTION_DISABLED = "subscription_disabled"
    SUBSCRIPTION_ENDED = "subscription_ended"
    SUBSCRIPTION_NOT_FOUND = "subscription_not_found"
    UNSUBSCRIBED = "unsubscribed"
    WITHDRAWN = "withdrawn"


@strawberry.interface(description="A refusal that the person asking can understand.")
class Error:
    """What every refusal says."""

    message: str = strawberry.field(description="One sentence for the person.")
    code: ErrorCode


@strawberry.type(
    description="There is no such thing, or not for the person asking: "
    "the two are not told apart."
)
class NotFoundError(Error):
    """Missing, or not the caller's."""


@strawberry.type(description="The person asking may see it, but not do this.")
class NotPermittedError(Error):
    """Not theirs to do."""


@strawberry.type(description="The person's e-mail address has to be confirmed first.")
class EmailNotVerifiedError(Error):
    """Theirs, but not yet."""


@strawberry.type(description="Things are not, or no longer, as the request expects.")
class ConflictError(Error):
    """Something else was wished for before, or has happened meanwhile."""

    current_subscription: ReportSubscription | None = strawberry.field(
        default=None,
        description="The subscription that is in the way, as it is now.",
    )


@strawberry.type(description="Too much was asked for in a short time.")
class RateLimitedError(Error):
    """Later, please."""

    retry_at: datetime = strawberry.field(description="From when on it is allowed.")


@strawberry.type(description="A value of the input that does not fit.")
class InvalidField:
    """Where, and why."""

    path: list[str] = strawberry.field(
        description="The argument, then field names and list indexes."
    )
    message: str


@strawberry.type(description="Values of the input do not fit.")
class ValidationError(Error):
    """The client's mistake."""

    fields: list[InvalidField]


Refusal = (
    NotFoundError
    | NotPermittedError
    | ConflictError
    | ValidationError
    | RateLimitedError
    | EmailNotVerifiedError
)
"""What any mutation may answer instead; clients select ``... on Error``."""

_TYPES: dict[type[Error], tuple[str, ...]] = {
    NotFoundError: (
        "job_not_found",
        "report_unavailable",
        "study_not_found",
        "subscription_not_found",
    ),
    NotPermittedError: (
        "email_consent_missing",
        "email_not_allowed",
        "not_permitted",
        "withdrawn",
    ),
    EmailNotVerifiedError: ("email_not_verified",),
    ConflictError: (
        "decision_in_progress",
        "disabled",
        "idempotency_key_reused",
        "job_not_ended",
        "not_completed",
        "paused",
        "subscription_disabled",
        "subscription_ended",
        "unsubscribed",
    ),
}
_PERIOD = ("before_joining", "period_not_over", "period_unknown")
"""The refusals that are the fault of a value `period`."""


class Refusals(strawberry.ExceptionHandler[RequestError]):
    """Turns the library's refusals into results, for fields that declare them."""

    error_type = NotFoundError
    """It serves every field whose union holds this type, as each of ours does."""

    def handle(
        self,
        exception: RequestError,
        *,
        field: StrawberryField,
        info: strawberry.Info,  # noqa: ARG002 - part of the protocol
    ) -> Error:
        """Return the refusal; a code that is not in the tables is a bug."""
        has_input = any(it.python_name == "input" for it in field.arguments)
        return as_error(exception, ["input"] if has_input else [])


class InvalidInputs(strawberry.ExceptionHandler[InputValidationError]):
    """Turns what Pydantic finds in an input into a result."""

    error_type = ValidationError

    def handle(
        self,
        exception: InputValidationError,
        *,
        field: StrawberryField,  # noqa: ARG002 - part of the protocol
        info: strawberry.Info,  # noqa: ARG002 - the same
    ) -> Error:
        """Return every field that does not fit."""
        return ValidationError(
            message="Values of the input do not fit.",
            code=ErrorCode.INVALID_INPUT,
            fields=[
                InvalidField(path=wrong.location, message=wrong.message)
                for wrong in exception.errors
            ],
        )


def as_error(refusal: RequestError, within: Sequence[str] = ()) -> Error:
    """Return a refusal of the library as the API tells it.

    Args:
        refusal: What the library says.
        within: The path to the values that were asked for.

    Raises:
        LookupError: Nobody has said what its code is to clients: a bug.
    """
    message, code = refusal.message, ErrorCode(refusal.code)
    if isinstance(refusal, SubscriptionConflict):
        present = ReportSubscription.of(refusal.subscription)
        return ConflictError(message=message, code=code, current_subscription=present)
    if isinstance(refusal, AskedTooOften):
        return RateLimitedError(message=message, code=code, retry_at=refusal.retry_at)
    if refusal.code in _PERIOD:
        wrong = InvalidField(path=[*within, "period"], message=message)
        return ValidationError(message=message, code=code, fields=[wrong])
    for type_, codes in _TYPES.items():
        if refusal.code in codes:
            return type_(message=message, code=code)
    raise LookupError(f"{refusal.code} has no type")
