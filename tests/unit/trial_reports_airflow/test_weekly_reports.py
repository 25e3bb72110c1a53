"""The weekly DAG's wiring: every queue, rule and limit it depends on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from airflow.sdk import DAG, CronTriggerTimetable
from airflow.sdk.exceptions import ParamValidationError

from trial_reports.jobs.models import STAGES
from trial_reports.settings import Pipeline
from trial_reports_airflow.retry import StageRetryPolicy
from trial_reports_airflow.stages import settle_failed_task


@pytest.fixture
def dag(dag_of: Callable[[str], DAG]) -> DAG:
    return dag_of("weekly_reports")


def test_it_plans_makes_each_report_in_order_and_closes(dag: DAG) -> None:
    upstream = {task.task_id: task.upstream_task_ids for task in dag.tasks}

    assert upstream == {
        "plan": set(),
        "report.fetch": {"plan"},
        "report.aggregate": {"plan", "report.fetch"},
        "report.render": {"plan", "report.aggregate"},
        "report.email": {"plan", "report.render"},
        "close_run": {"report.email"},
    }


def test_each_stage_is_mapped_over_what_was_planned(dag: DAG) -> None:
    for stage in STAGES:
        group = dag.task_dict[f"report.{stage}"].get_closest_mapped_task_group()
        assert group is not None
        assert group.group_id == "report"
        planned = [task.task_id for task in group.iter_mapped_dependencies()]
        assert planned == ["plan"]


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_its_own_queue_and_pool_and_all_rules(
    dag: DAG, stage: str
) -> None:
    task: Any = dag.task_dict[f"report.{stage}"]
    pipeline = Pipeline()

    assert (task.queue, task.pool) == (stage, stage)
    assert task.weight_rule == "upstream"
    assert task.retries == pipeline.retries
    assert isinstance(task.retry_policy, StageRetryPolicy)
    delay = timedelta(seconds=pipeline.retry_seconds)
    assert task.retry_policy.first_delay == task.retry_delay == delay
    assert list(task.on_failure_callback) == [settle_failed_task]
    assert task.execution_timeout == timedelta(seconds=pipeline.stage_seconds)
    assert "batch" in task.map_index_template


def test_survivors_go_on_where_others_failed(dag: DAG) -> None:
    rules = {task.task_id: str(task.trigger_rule.value) for task in dag.tasks}

    assert rules == {
        "plan": "all_success",
        "report.fetch": "all_success",
        "report.aggregate": "all_done",
        "report.render": "all_done",
        "report.email": "all_done",
        "close_run": "all_done",
    }


@pytest.mark.parametrize("name", ["plan", "close_run"])
def test_planning_and_closing_never_wait_behind_the_stages(dag: DAG, name: str) -> None:
    task: Any = dag.task_dict[name]

    assert (task.queue, task.pool) == ("default", "default_pool")
    assert task.retries > 0
    assert task.execution_timeout is not None


def test_only_the_next_tick_starts_a_run_and_no_missed_one(dag: DAG) -> None:
    assert isinstance(dag.timetable, CronTriggerTimetable)
    assert dag.timetable.expression == "0 12 * * 1"
    assert dag.timetable.run_immediately == timedelta(0)
    assert not dag.catchup
    assert dag.start_date is None


def test_the_tick_is_the_one_in_the_settings(
    dag_of: Callable[[str], DAG], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAL_REPORTS_SCHEDULE__WEEKDAY", "6")
    monkeypatch.setenv("TRIAL_REPORTS_SCHEDULE__HOUR", "5")

    timetable = dag_of("weekly_reports").timetable

    assert isinstance(timetable, CronTriggerTimetable)
    assert timetable.expression == "0 5 * * 0"


def test_a_long_run_is_not_cut_off_and_fills_the_pools(dag: DAG) -> None:
    assert dag.dagrun_timeout is None
    # A study that is paused for weeks keeps a run open for each of them.
    assert dag.max_active_runs >= 10
    assert dag.max_active_tasks >= len(STAGES) * Pipeline().stage_slots


@pytest.mark.parametrize(
    "params",
    [
        {"period": "last week"},
        {"subscriptions": "sub_one"},
        {"jobs": [7]},
        {"reason": None},
        {"as_of": 7},
    ],
)
def test_the_trigger_form_refuses_what_makes_no_sense(
    dag: DAG, params: dict[str, Any]
) -> None:
    dag.params.validate()

    with pytest.raises(ParamValidationError):
        dag.params.update(params)
