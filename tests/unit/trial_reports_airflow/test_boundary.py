"""What leaves a task: our own words, Airflow's, and of all else only the type."""

import traceback

import pytest
from airflow.sdk.exceptions import (
    AirflowFailException,
    AirflowRescheduleException,
    AirflowSkipException,
)

from tests.builders import MONDAY_NOON
from trial_reports.errors import Cancelled, PermanentError, RequestError, TransientError
from trial_reports_airflow.boundary import private_errors

RESCHEDULED = AirflowRescheduleException(MONDAY_NOON)  # type: ignore[no-untyped-call]  # Airflow's
SECRET = "Quarzfalter felt dizzy"


def succeeds() -> int:
    return 7


def fails_with(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    "bug", [ValueError(SECRET), KeyError(SECRET), OSError(5, SECRET, SECRET)]
)
def test_of_a_drivers_error_only_the_type_and_place_leave_the_task(
    bug: Exception,
) -> None:
    task = private_errors()(fails_with)

    with pytest.raises(TransientError) as caught:
        task(bug)

    error = caught.value
    assert error.code == "internal_error"
    assert f"{type(bug).__name__} in fails_with" in error.message
    told = [*traceback.format_exception(error), repr(error), str(error.args)]
    assert SECRET not in "".join(told)


@pytest.mark.parametrize(
    "error",
    [
        TransientError("throttled", "Too fast."),
        PermanentError("jobs_failed", "2 jobs failed."),
        Cancelled("withdrawn", "Left the study."),
        RequestError("params", "Give jobs alone."),
        AirflowFailException("jobs_failed"),
        AirflowSkipException("Nothing to do."),
        RESCHEDULED,
    ],
)
def test_our_own_errors_and_airflows_pass_as_they_are(error: Exception) -> None:
    task = private_errors()(fails_with)

    with pytest.raises(type(error)) as caught:
        task(error)

    assert caught.value is error


def test_a_task_that_is_being_ended_is_not_held_up() -> None:
    with pytest.raises(KeyboardInterrupt), private_errors():
        raise KeyboardInterrupt


def test_what_succeeds_is_left_alone_each_time() -> None:
    task = private_errors()(succeeds)

    assert [task(), task()] == [7, 7]
