"""Expected refusals as types a frontend can select, and the one table of them."""

from enum import Enum

import strawberry
from strawberry.types.field import StrawberryField

from trial_reports.errors import RequestError


@strawberry.enum(description="Why a request was refused; new codes may be added.")
class ErrorCode(Enum):
    """The library's codes for requests."""

    STUDY_NOT_FOUND = "study_not_found"
    EMAIL_NOT_VERIFIED = "email_not_verified"
    EMAIL_CONSENT_MISSING = "email_consent_missing"
    CONFLICT = "conflict"


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


@strawberry.type(description="Something has to be done first; `code` says what.")
class NotAllowedError(Error):
    """Theirs, but not now."""


_TYPES: dict[ErrorCode, type[Error]] = {
    ErrorCode.STUDY_NOT_FOUND: NotFoundError,
    ErrorCode.EMAIL_NOT_VERIFIED: NotAllowedError,
    ErrorCode.EMAIL_CONSENT_MISSING: NotAllowedError,
}
"""A conflict is not among them: it carries what it conflicts with, and is made
where that is known."""


class Refusals(strawberry.ExceptionHandler[RequestError]):
    """Turns the library's refusals into results, for fields that declare them."""

    error_type = NotFoundError
    """It serves every field whose union holds this type; the others of the table
    belong into the union as well if the field can be refused that way."""

    def handle(
        self,
        exception: RequestError,
        *,
        field: StrawberryField,  # noqa: ARG002 - part of the protocol
        info: strawberry.Info,  # noqa: ARG002 - the same
    ) -> Error:
        """Return the refusal; a code that is not in the table is a bug."""
        code = ErrorCode(exception.code)
        return _TYPES[code](message=exception.message, code=code)
