"""The form and wiring for redriving: cautious by default, and one at a time."""

from collections.abc import Callable
from typing import Any, get_args

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError

from trial_reports.jobs.models import STAGES, Cause


@pytest.fixture
def dag(dag_of: Callable[[str], DAG]) -> DAG:
    return dag_of("redrive_dead_letters")


def validate(dag: DAG, **conf: Any) -> dict[str, Any]:
    filled = dag.params
    filled.update(conf)
    return dict(filled.validate())


def test_an_untouched_form_only_shows_what_is_meant(dag: DAG) -> None:
    filled = validate(dag)

    assert (filled["dry_run"], filled["limit"]) == (True, 100)


@pytest.mark.parametrize("stage", [None, *STAGES])
def test_every_stage_can_be_chosen_or_none(dag: DAG, stage: str | None) -> None:
    assert validate(dag, stage=stage)["stage"] == stage


@pytest.mark.parametrize("cause", [None, *get_args(Cause)])
def test_every_cause_can_be_chosen_or_none(dag: DAG, cause: str | None) -> None:
    assert validate(dag, cause=cause)["cause"] == cause


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "print"},
        {"cause": "bad luck"},
        {"limit": 0},
        {"limit": 10_001},
        {"limit": None},
        {"jobs": [7]},
        {"older_than_hours": -1},
        {"newer_than_hours": "yesterday"},
        {"dry_run": "no"},
        {"reason": "x" * 501},
    ],
)
def test_what_makes_no_sense_is_refused(dag: DAG, wrong: dict[str, Any]) -> None:
    with pytest.raises(ParamValidationError):
        validate(dag, **wrong)


def test_it_never_runs_by_itself_twice_at_once_or_again(dag: DAG) -> None:
    (task,) = dag.tasks

    assert dag.schedule is None
    assert dag.max_active_runs == 1
    assert task.queue == "default"
    assert task.retries == 0
    assert task.execution_timeout is not None
