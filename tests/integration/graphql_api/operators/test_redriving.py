"""Operators take failed jobs up again."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON, a_job, a_study
from tests.integration.graphql_api.operators.conftest import Operator
from tests.integration.graphql_api.rows import Rows, everything_in, without
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job, JobError, OpenDeadLetter


@pytest.fixture(autouse=True)
def _studies(database: Rows) -> None:
    studies = [a_study(study).to_row() for study in ("stu_one", "stu_two")]
    database["studies"].insert_many(studies)


def _failed(
    database: Rows, minutes: int = 0, code: str = "broken", **changes: Any
) -> Job:
    letter = {
        "id": new_id("dl"),
        "stage": "fetch",
        "failed_at": MONDAY_NOON + timedelta(minutes=minutes),
    }
    own = {name: changes.pop(name) for name in ("stage", "cause") if name in changes}
    job = a_job(
        status="failed",
        error=JobError(code=code, message="It broke."),
        dead_letter=OpenDeadLetter(**letter | own),
        **changes,
    )
    database["report_jobs"].insert_one(job.to_row())
    return job


def _pending(database: Rows) -> set[str]:
    return {row["_id"] for row in database["report_jobs"].find({"status": "pending"})}


def _counts(selected: int, redriven: int, to_decide: int = 0) -> dict[str, Any]:
    return {
        "__typename": "RedriveDeadLettersSuccess",
        "selected": selected,
        "redriven": redriven,
        "movedOn": 0,
        "toDecide": to_decide,
    }


def test_failed_jobs_wait_for_a_run_again_and_each_is_written_down(
    operator: Operator, database: Rows
) -> None:
    jobs = {_failed(database).id for _ in range(3)}

    answer = operator.decides("redriveDeadLetters", studyId="stu_one", reason="Fixed.")

    assert answer == _counts(3, 3)
    assert _pending(database) == jobs
    events = list(database["audit_events"].find({}))
    assert {event["actor"] for event in events} == {operator.user.id}
    assert {event["reason"] for event in events} == {"Fixed."}
    redriven = {e["subject"] for e in events if e["action"] == "redrive"}
    assert redriven == jobs


def test_a_dry_run_counts_and_does_nothing(operator: Operator, database: Rows) -> None:
    _failed(database)
    _failed(database, cause="delivery")
    before = everything_in(database)

    answer = operator.decides("redriveDeadLetters", studyId="stu_one", dryRun=True)

    assert answer == _counts(1, 0, to_decide=1)
    keys = "idempotency_keys"
    assert without(everything_in(database), keys) == without(before, keys)


def test_the_oldest_come_first_and_no_more_than_the_limit(
    operator: Operator, database: Rows
) -> None:
    late, early, middle = (_failed(database, minutes) for minutes in (9, 1, 5))

    answer = operator.decides("redriveDeadLetters", studyId="stu_one", limit=2)

    assert answer == _counts(2, 2)
    assert _pending(database) == {early.id, middle.id}
    assert late.id not in _pending(database)


@pytest.mark.parametrize("limit", [0, 1001])
def test_a_limit_out_of_range_is_told_by_its_field(
    operator: Operator, limit: int
) -> None:
    answer = operator.decides("redriveDeadLetters", studyId="stu_one", limit=limit)

    assert [field["path"] for field in answer["fields"]] == [["input", "limit"]]


@pytest.mark.parametrize(
    "wanted",
    [{"stage": "RENDER"}, {"cause": "CRASH"}, {"code": "odd"}, {"jobIds": ["job_x"]}],
)
def test_only_what_is_meant_is_redriven(
    operator: Operator, database: Rows, wanted: dict[str, Any]
) -> None:
    _failed(database)
    meant = _failed(database, code="odd", stage="render", cause="crash", id="job_x")

    answer = operator.decides("redriveDeadLetters", studyId="stu_one", **wanted)

    assert answer == _counts(1, 1)
    assert _pending(database) == {meant.id}


def test_an_operator_of_one_study_redrives_nothing_of_another(
    operator: Operator, database: Rows
) -> None:
    foreign = _failed(database, study_id="stu_two")
    before = everything_in(database)

    everything = operator.decides("redriveDeadLetters", jobIds=[foreign.id])
    theirs = operator.decides(
        "redriveDeadLetters", studyId="stu_one", jobIds=[foreign.id]
    )

    assert everything["__typename"] == "NotPermittedError"
    assert theirs == _counts(0, 0)
    rows = "report_jobs"
    assert everything_in(database)[rows] == before[rows]


def test_an_operator_of_all_studies_redrives_them_all(
    operator_of_all: Operator, database: Rows
) -> None:
    jobs = {_failed(database, study_id=study).id for study in ("stu_one", "stu_two")}

    assert operator_of_all.decides("redriveDeadLetters") == _counts(2, 2)
    assert _pending(database) == jobs


def test_a_mail_of_unknown_fate_waits_for_a_person(
    operator: Operator, database: Rows
) -> None:
    _failed(database, cause="delivery", stage="email")

    answer = operator.decides("redriveDeadLetters", studyId="stu_one")

    assert answer == _counts(0, 0, to_decide=1)
    assert _pending(database) == set()
