"""Which try of which stage and batch a task stands for."""

from types import SimpleNamespace
from typing import Any

import pytest

from trial_reports.jobs.models import STAGES, Attempt
from trial_reports_airflow.names import queue_of, stage_of
from trial_reports_airflow.stages import attempt_of, batch_of


def context(**changes: Any) -> dict[str, Any]:
    ti = {
        "run_id": "run_one",
        "task_id": "report.render",
        "max_tries": 4,
        "try_number": 1,
        "map_index": 7,
    }
    return {"ti": SimpleNamespace(**ti | changes)}


def test_a_task_knows_its_run_stage_and_batch() -> None:
    assert attempt_of(context()) == Attempt(
        run="run_one", stage="render", round=4, number=1, last=False
    )
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
