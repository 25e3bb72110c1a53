"""What a store's refusal means for the job: the one table of storage errors.

smart_open wraps what the stores raise, differently for reading (``OSError``
with ``backend_error``) and writing (``ValueError`` with ``__cause__``), so the
original is looked up first. Messages hold the store's code, never its text.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from botocore import exceptions as aws

from trial_reports.errors import (
    PermanentError,
    ServiceError,
    StageError,
    TransientError,
)


class ObjectMissing(PermanentError):  # noqa: N818 - says what is wrong, as its parent does
    """There is no object at this address."""


class ObjectTooLarge(PermanentError):  # noqa: N818 - the same
    """The object has more bytes than the caller is ready to read."""


_MISSING = frozenset({"NoSuchKey", "NoSuchVersion"})
_ARCHIVED = frozenset({"InvalidObjectState"})
# Answered with a 4xx status although the same request may succeed later.
_BUSY = frozenset(
    {
        "ConditionalRequestConflict",
        "KMS.ThrottlingException",
        "OperationAborted",
        "RequestTimeout",
        "Throttling",
        "ThrottlingException",
    }
)
_NOT_FOUND = 404
_TOO_MANY_REQUESTS = 429
_FIRST_SERVER_ERROR = 500


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a store raises inside the block into the product's errors.

    Raises:
        ObjectMissing: There is no such object.
        PermanentError: The object is archived and cannot be read now.
        TransientError: ``storage_unavailable``: throttled, timed out, away.
        ServiceError: ``storage_refused``: credentials, rights, bucket, key.
    """
    try:
        yield
    except Exception as error:
        meaning = stage_error(error)
        if meaning is None:
            raise
        raise meaning from None


def aws_code(error: Exception) -> str | None:
    """Return S3's own code for ``error``, such as ``PreconditionFailed``."""
    answer = _client_error(error)
    return None if answer is None else _code(answer)


def google_status(error: Exception) -> int | None:
    """Return Google's HTTP status for ``error``; uploads keep it elsewhere."""
    answer = getattr(error, "response", None)
    status = getattr(error, "code", None) or getattr(answer, "status_code", None)
    return int(status) if isinstance(status, int) else None


def stage_error(error: Exception) -> StageError | None:
    """Return what ``error`` means for a stage, ``None`` if it is a bug."""
    answer = _client_error(error)
    if answer is not None:
        status = answer.response["ResponseMetadata"]["HTTPStatusCode"]
        return _answered(_code(answer), status)
    for kinds, meaning in _BY_TYPE:
        if isinstance(error, kinds):
            return meaning()
    return _from_google(error)


def _client_error(error: Exception) -> aws.ClientError | None:
    wrapped = (error, getattr(error, "backend_error", None), error.__cause__)
    return next((e for e in wrapped if isinstance(e, aws.ClientError)), None)


def _code(answer: aws.ClientError) -> str:
    return answer.response.get("Error", {}).get("Code", "unknown")


def _answered(code: str, status: int) -> StageError:
    if code in _MISSING:
        return _missing()
    if code in _ARCHIVED:
        return PermanentError("object_archived", "The object has been archived.")
    if code in _BUSY or status == _TOO_MANY_REQUESTS or status >= _FIRST_SERVER_ERROR:
        return _unavailable(code)
    return _refused(code)


def _from_google(error: Exception) -> StageError | None:
    # Google's packages are optional and therefore recognised by name.
    package = type(error).__module__
    if package.startswith("google.auth"):
        return _refused("no_credentials")
    if not package.startswith("google."):
        return None
    status = google_status(error)
    if status is None:
        return _unavailable("gave_up")
    return _missing() if status == _NOT_FOUND else _answered(str(status), status)


def _missing() -> StageError:
    return ObjectMissing("object_missing", "There is no object at this address.")


def _unavailable(code: str) -> StageError:
    return TransientError("storage_unavailable", f"Storage is busy or away ({code}).")


def _refused(code: str) -> StageError:
    return ServiceError("storage_refused", f"Storage refuses us ({code}).")


_BY_TYPE: tuple[tuple[tuple[type[Exception], ...], Callable[[], StageError]], ...] = (
    (
        (FileNotFoundError, IsADirectoryError, NotADirectoryError),
        _missing,
    ),
    (
        (PermissionError,),
        partial(_refused, "no_permission"),
    ),
    (
        (
            aws.NoCredentialsError,
            aws.PartialCredentialsError,
            aws.CredentialRetrievalError,
            aws.TokenRetrievalError,
            aws.NoAuthTokenError,
        ),
        partial(_refused, "no_credentials"),
    ),
    (
        (
            aws.HTTPClientError,
            aws.ConnectionError,
            aws.IncompleteReadError,
            aws.FlexibleChecksumError,
        ),
        partial(_unavailable, "unreachable"),
    ),
    # Last, for the others are kinds of it: a full disk, or smart_open gave up.
    ((OSError,), partial(_unavailable, "input_output")),
)
