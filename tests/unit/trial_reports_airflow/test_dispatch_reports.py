"""The background service's wiring: often, one at a time, and apart from the stages."""

from collections.abc import Callable
from typing import Any

import pytest
from airflow.sdk import DAG, CronTriggerTimetable


@pytest.fixture
def dag(dag_of: Callable[[str], DAG]) -> DAG:
    return dag_of("dispatch_reports")


def test_it_looks_every_five_minutes_and_one_at_a_time(dag: DAG) -> None:
    assert isinstance(dag.timetable, CronTriggerTimetable)
    assert dag.timetable.expression == "*/5 * * * *"
    assert dag.max_active_runs == 1
    assert dag.dagrun_timeout is not None
    assert not dag.catchup


def test_it_starts_a_weekly_run_only_after_looking(dag: DAG) -> None:
    start: Any = dag.task_dict["start_run"]

    assert start.upstream_task_ids == {"is_run_needed"}
    assert start.trigger_dag_id == "weekly_reports"
    assert start.conf == {"reason": "dispatched"}


def test_it_never_waits_behind_the_stages(dag: DAG) -> None:
    assert {(task.queue, task.pool) for task in dag.tasks} == {
        ("default", "default_pool")
    }
