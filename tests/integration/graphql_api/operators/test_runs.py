"""What operators are told of runs, dead letters and where a job is worked on."""

from typing import Any

import pytest

from tests.builders import MONDAY_NOON, a_job, a_study
from tests.integration.graphql_api.asking import ask
from tests.integration.graphql_api.operators.conftest import Operator
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import JobError, OpenDeadLetter
from trial_reports.runs.models import Run, Totals
from trial_reports.settings import Settings

AIRFLOW = "https://airflow.study.example"
RUNS = """
{
  runs { edges { node {
    id asOf reason plannedAt closedAt url
    totals { jobs completed failed cancelled unaccounted }
  } } }
}
"""
LETTERS = """
{
  deadLetters { edges { node {
    id stage cause code failures failedAt sentAt logUrl
    job { id run { dagRunId mapIndex url } }
  } } }
}
"""


@pytest.fixture
def api_settings(api_settings: Settings) -> Settings:
    api = api_settings.api.model_copy(update={"airflow_url": AIRFLOW})
    return api_settings.model_copy(update={"api": api})


def _nodes(operator: Operator, query: str) -> list[dict[str, Any]]:
    page = ask(operator.api, operator.user, query)
    return [edge["node"] for edge in page["edges"]]


def test_a_run_tells_how_it_ended_and_where_it_is(
    operator_of_all: Operator, database: Rows
) -> None:
    totals = Totals(jobs=3, completed=1, failed=1, cancelled=1)
    run = Run(
        id="scheduled__2026-11-23T12:00:00+00:00",
        as_of=MONDAY_NOON,
        reason="weekly",
        planned_at=MONDAY_NOON,
        closed_at=MONDAY_NOON,
        totals=totals,
    )
    database["runs"].insert_one(run.to_row())

    assert _nodes(operator_of_all, RUNS) == [
        {
            "id": run.id,
            "asOf": "2026-11-23T12:00:00Z",
            "reason": "weekly",
            "plannedAt": "2026-11-23T12:00:00Z",
            "closedAt": "2026-11-23T12:00:00Z",
            "url": f"{AIRFLOW}/dags/weekly_reports/runs/"
            "scheduled__2026-11-23T12%3A00%3A00%2B00%3A00",
            "totals": {
                "jobs": 3,
                "completed": 1,
                "failed": 1,
                "cancelled": 1,
                "unaccounted": 0,
            },
        }
    ]


def test_an_open_run_has_no_totals(operator_of_all: Operator, database: Rows) -> None:
    run = Run(id="run_one", as_of=MONDAY_NOON, reason="test", planned_at=MONDAY_NOON)
    database["runs"].insert_one(run.to_row())

    (told,) = _nodes(operator_of_all, RUNS)

    assert (told["closedAt"], told["totals"]) == (None, None)


def test_a_dead_letter_tells_what_failed_where(
    operator: Operator, database: Rows
) -> None:
    database["studies"].insert_one(a_study().to_row())
    letter = OpenDeadLetter(
        id="dl_one",
        stage="render",
        cause="crash",
        failed_at=MONDAY_NOON,
        log_url=f"{AIRFLOW}/log",
    )
    job = a_job(
        status="failed",
        error=JobError(code="worker_died", message="It died."),
        dead_letter=letter,
        failures=2,
        run="run_one",
        batch=7,
    )
    database["report_jobs"].insert_one(job.to_row())

    assert _nodes(operator, LETTERS) == [
        {
            "id": "dl_one",
            "stage": "RENDER",
            "cause": "CRASH",
            "code": "worker_died",
            "failures": 2,
            "failedAt": "2026-11-23T12:00:00Z",
            "sentAt": None,
            "logUrl": f"{AIRFLOW}/log",
            "job": {
                "id": job.id,
                "run": {
                    "dagRunId": "run_one",
                    "mapIndex": 7,
                    "url": f"{AIRFLOW}/dags/weekly_reports/runs/run_one",
                },
            },
        }
    ]
