"""A decision is carried out once, however often it is sent."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.builders import a_job, a_study
from tests.integration.graphql_api.operators.conftest import DECISIONS, Operator
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job, JobError, OpenDeadLetter

KEY = "key-00000001"
DONE: dict[str, dict[str, Any]] = {
    "rerunJob": {"jobId": "job_done"},
    "resendReport": {"jobId": "job_done"},
    "redriveDeadLetters": {"studyId": "stu_one"},
    "recallReports": {"studyId": "stu_one", "period": "2026-W47"},
    "pauseDelivery": {"studyId": "stu_one"},
    "resumeDelivery": {"studyId": "stu_one"},
}
OTHER: dict[str, dict[str, Any]] = {
    "rerunJob": {"jobId": "job_other"},
    "resendReport": {"jobId": "job_other"},
    "redriveDeadLetters": {"studyId": "stu_one", "stage": "RENDER"},
    "recallReports": {"studyId": "stu_one", "period": "2026-W46"},
    "pauseDelivery": {"studyId": "stu_two"},
    "resumeDelivery": {"studyId": "stu_two"},
}
"""The same decisions about something else."""


@pytest.fixture(autouse=True)
def _rows(database: Rows) -> None:
    studies = [a_study(study).to_row() for study in ("stu_one", "stu_two")]
    database["studies"].insert_many(studies)
    done = [
        a_job(id=job_id, status="completed", period=a_job().period)
        for job_id in ("job_done", "job_other")
    ]
    database["report_jobs"].insert_many([job.to_row() for job in (*done, _failed())])


def _failed() -> Job:
    letter = OpenDeadLetter(id=new_id("dl"), stage="fetch")
    error = JobError(code="broken", message="It broke.")
    return a_job(id="job_failed", status="failed", error=error, dead_letter=letter)


def test_every_decision_is_tested() -> None:
    assert set(DONE) == set(OTHER) == set(DECISIONS)


@pytest.mark.parametrize("name", DONE)
def test_a_repetition_answers_the_same_and_does_nothing_more(
    operator_of_all: Operator, database: Rows, name: str
) -> None:
    wanted = {**DONE[name], "idempotencyKey": KEY}
    first = operator_of_all.decides(name, **wanted)
    assert not first["__typename"].endswith("Error")
    after = everything_in(database)

    again = operator_of_all.decides(name, **wanted)

    assert again == first
    assert everything_in(database) == after


@pytest.mark.parametrize("name", DONE)
@pytest.mark.parametrize("change", ["what", "reason"])
def test_the_key_is_not_for_anything_else(
    operator_of_all: Operator, database: Rows, name: str, change: str
) -> None:
    operator_of_all.decides(name, **DONE[name], idempotencyKey=KEY)
    after = everything_in(database)
    other = (
        OTHER[name] if change == "what" else {**DONE[name], "reason": "Another reason."}
    )

    refused = operator_of_all.decides(name, **other, idempotencyKey=KEY)

    assert refused["__typename"] == "ConflictError"
    assert refused["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert everything_in(database) == after


@pytest.mark.parametrize("name", DONE)
def test_of_several_at_once_one_is_carried_out(
    operator_of_all: Operator, database: Rows, name: str
) -> None:
    wanted = {**DONE[name], "idempotencyKey": KEY}

    with ThreadPoolExecutor(6) as at_once:
        several = [
            at_once.submit(operator_of_all.decides, name, **wanted) for _ in range(6)
        ]
    answers = [one.result() for one in several]

    done = [it for it in answers if not it["__typename"].endswith("Error")]
    late = [it["code"] for it in answers if it["__typename"].endswith("Error")]
    assert done
    assert set(late) <= {"DECISION_IN_PROGRESS"}
    assert all(it == done[0] for it in done)
    assert operator_of_all.decides(name, **wanted) == done[0]
    noted = list(database["audit_events"].find({"action": {"$ne": "redrive"}}))
    assert len(noted) == 1


@pytest.mark.parametrize("name", DONE)
def test_a_reason_and_a_key_are_needed(
    operator_of_all: Operator, database: Rows, name: str
) -> None:
    before = everything_in(database)
    for wrong in ({"reason": " "}, {"reason": "x" * 501}):
        answer = operator_of_all.decides(name, **DONE[name], **wrong)
        assert [field["path"] for field in answer["fields"]] == [["input", "reason"]]
    for key in ("short", "a key with spaces", "x" * 65):
        answer = operator_of_all.decides(name, **DONE[name], idempotencyKey=key)
        paths = [field["path"] for field in answer["fields"]]
        assert paths == [["input", "idempotencyKey"]]

    assert everything_in(database) == before
