"""The kind of error says who can help."""

import pytest

from trial_reports.deadletters.causes import cause_of, failure_of
from trial_reports.errors import (
    ConfigurationError,
    PermanentError,
    ReportError,
    ServiceError,
    ServiceLost,
    ServicePaused,
    TransientError,
    unexpected,
)
from trial_reports.jobs.models import Cause, Failure


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (PermanentError("mail_refused", "A bad address."), "permanent"),
        (TransientError("throttled", "Too fast."), "transient"),
        (unexpected(ValueError("a diary's words")), "bug"),
        (PermanentError("worker_died", "It died."), "crash"),
        (PermanentError("task_died", "It died."), "crash"),
        (ServiceError("s3_refuses", "403"), "service"),
        (ServicePaused("delivery_paused", "Paused."), "service"),
        (ServiceLost("s3_refuses", "403 for a day."), "service"),
        (ConfigurationError("settings", "No bucket."), "service"),
    ],
)
def test_an_error_has_one_cause(error: ReportError, cause: Cause) -> None:
    assert cause_of(error) == cause


def test_a_failure_is_told_in_the_errors_own_words() -> None:
    error = TransientError("throttled", "Too fast.")

    assert failure_of(error) == Failure(
        code="throttled", message="Too fast.", cause="transient"
    )
