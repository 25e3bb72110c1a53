"""Which try of which stage and batch a task stands for, and how long it waits."""

from types import SimpleNamespace
from typing import Any

import pytest

from trial_reports.errors import (
    ConfigurationError,
    PermanentError,
    ServiceError,
    ServiceLost,
    TransientError,
)
from trial_reports.jobs.models import STAGES, Attempt, Cause
from trial_reports.settings import Pipeline
from trial_reports_airflow.names import queue_of, stage_of
from trial_reports_airflow.stages import (
    attempt_of,
    batch_of,
    failure_of_task,
    time_to_wait,
)


def context(**changes: Any) -> dict[str, Any]:
    ti = {
        "run_id": "run_one",
        "task_id": "report.render",
        "max_tries": 4,
        "try_number": 1,
        "map_index": 7,
        "log_url": "https://airflow.example/log",
    }
    return {"ti": SimpleNamespace(**ti | changes)}


def test_a_task_knows_its_run_stage_and_batch() -> None:
    assert attempt_of(context()) == Attempt(
        run="run_one",
        stage="render",
        round=4,
        number=1,
        last=False,
        log_url="https://airflow.example/log",
    )
    assert attempt_of(context()).log_url == "https://airflow.example/log"
    assert batch_of(context()) == 7


def test_a_retry_stays_in_its_round_and_the_last_one_knows_it() -> None:
    tries = [attempt_of(context(try_number=number)) for number in range(1, 6)]

    assert {attempt.round for attempt in tries} == {4}
    assert [attempt.last for attempt in tries] == [False] * 4 + [True]


def test_a_clear_begins_a_round_that_was_not_there_before() -> None:
    # Airflow sets max_tries to the try that was cleared plus the retries.
    before = attempt_of(context(try_number=3))
    after = attempt_of(context(try_number=4, max_tries=3 + 4))

    assert after.round != before.round
    assert not after.last


def test_each_stage_has_a_task_and_a_queue_of_its_own() -> None:
    assert [stage_of(f"report.{stage}") for stage in STAGES] == list(STAGES)
    assert len({queue_of(stage) for stage in STAGES}) == len(STAGES)


@pytest.mark.parametrize("task_id", ["plan", "report", "report.unknown", ""])
def test_other_tasks_are_no_stage(task_id: str) -> None:
    with pytest.raises(LookupError, match="is not a stage"):
        stage_of(task_id)


@pytest.mark.parametrize(
    ("asked", "seconds"), [(None, 120), (45, 45), (0, 1), (-5, 1), (86_400, 3600)]
)
def test_a_service_is_left_in_peace_for_as_long_as_it_asks_within_reason(
    asked: float | None, seconds: float
) -> None:
    busy = ServiceError("busy", "Come back later.", asked)

    wait = time_to_wait(busy, Pipeline(service_retry_seconds=120))

    assert wait.total_seconds() == seconds


def test_a_wrong_installation_is_looked_at_again_after_the_usual_time() -> None:
    wrong = ConfigurationError("settings", "No key.")

    wait = time_to_wait(wrong, Pipeline(service_retry_seconds=120))

    assert wait.total_seconds() == 120


@pytest.mark.parametrize(
    ("exception", "code", "cause"),
    [
        (None, "task_died", "crash"),
        (RuntimeError("Quarzfalter"), "task_failed", "crash"),
        (ServiceLost("s3_refuses", "403 for a day."), "s3_refuses", "service"),
        (TransientError("jobs_put_back", "2 jobs wait."), "jobs_put_back", "transient"),
        (PermanentError("broken", "It broke."), "broken", "permanent"),
    ],
)
def test_what_ended_a_task_is_told_without_its_words(
    exception: BaseException | None, code: str, cause: Cause
) -> None:
    failure = failure_of_task(exception)

    assert (failure.code, failure.cause) == (code, cause)
    assert str(exception) not in failure.message
