"""What kind of thing an error is, decided at the moment it fails a job."""

from trial_reports.errors import (
    ConfigurationError,
    ReportError,
    ServiceError,
    ServiceLost,
    TransientError,
)
from trial_reports.jobs.models import Cause, Failure

_BY_CODE: dict[str, Cause] = {
    "internal_error": "bug",
    "task_died": "crash",
    "worker_died": "crash",
}


def cause_of(error: ReportError) -> Cause:
    """Return what kind of thing an error is."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    if isinstance(error, ServiceError | ServiceLost | ConfigurationError):
        return "service"
    return "transient" if isinstance(error, TransientError) else "permanent"


def failure_of(error: ReportError) -> Failure:
    """Return why an error fails a job, in the error's own words."""
    return Failure(code=error.code, message=error.message, cause=cause_of(error))
