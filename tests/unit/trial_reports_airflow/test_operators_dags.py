"""The forms that operators fill in: what they must say, and what cannot be said."""

from collections.abc import Callable
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError

JOBS = ["job_one"]
WHY = "asked the provider"
COMPLETE: dict[str, dict[str, Any]] = {
    "pause_delivery": {"reason": WHY},
    "resend_reports": {"jobs": JOBS, "reason": WHY},
    "settle_deliveries": {"jobs": JOBS, "finding": "arrived", "reason": WHY},
    "recall_reports": {"study": "stu_one", "period": "2026-W47", "reason": WHY},
}


def validate(dag: DAG, conf: dict[str, Any]) -> dict[str, Any]:
    filled = dag.params
    filled.update(conf)
    return dict(filled.validate())


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_form_is_taken(dag_of: Callable[[str], DAG], name: str) -> None:
    assert validate(dag_of(name), COMPLETE[name])["reason"] == WHY


@pytest.mark.parametrize("name", COMPLETE)
def test_nobody_decides_without_a_reason(
    dag_of: Callable[[str], DAG], name: str
) -> None:
    with pytest.raises(ParamValidationError):
        validate(dag_of(name), {**COMPLETE[name], "reason": ""})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("pause_delivery", {"action": "stop"}),
        ("resend_reports", {"jobs": []}),
        ("settle_deliveries", {"finding": "perhaps"}),
        ("recall_reports", {"period": "last week"}),
        ("recall_reports", {"study": ""}),
    ],
)
def test_what_makes_no_sense_is_refused(
    dag_of: Callable[[str], DAG], name: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ParamValidationError):
        validate(dag_of(name), {**COMPLETE[name], **wrong})


def test_a_recall_is_a_preview_unless_somebody_says_otherwise(
    dag_of: Callable[[str], DAG],
) -> None:
    dag = dag_of("recall_reports")
    assert validate(dag, COMPLETE["recall_reports"])["action"] == "preview"


@pytest.mark.parametrize("name", COMPLETE)
def test_it_can_be_used_at_once_and_never_runs_by_itself_or_twice_together(
    dag_of: Callable[[str], DAG], name: str
) -> None:
    dag = dag_of(name)
    assert dag.is_paused_upon_creation is False
    assert dag.schedule is None
    assert dag.max_active_runs == 1
    assert {task.queue for task in dag.tasks} == {"default"}
