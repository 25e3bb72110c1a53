"""Operators have reports made anew and mailed again."""

from typing import Any

import pytest

from tests.builders import MONDAY_NOON, a_job
from tests.integration.graphql_api.operators.conftest import Operator
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import Job, JobError, OpenDeadLetter


def _stored(database: Rows, **changes: Any) -> Job:
    job = a_job(**changes)
    database["report_jobs"].insert_one(job.to_row())
    return job


def _row(database: Rows, job: Job) -> dict[str, Any]:
    row = database["report_jobs"].find_one({"_id": job.id})
    assert row is not None
    return row


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_an_ended_job_is_made_anew(
    operator: Operator, database: Rows, status: str
) -> None:
    letter = OpenDeadLetter(id="dl_one", stage="fetch") if status == "failed" else None
    job = _stored(
        database,
        status=status,
        run="run_old",
        dead_letter=letter,
        completed_at=MONDAY_NOON,
    )

    answer = operator.decides("rerunJob", jobId=job.id, reason="The data was wrong.")

    assert answer["job"] == {"id": job.id, "status": "PENDING", "run": None}
    row = _row(database, job)
    assert (row["run"], row["deadLetter"], row["sendNo"]) == (None, None, 0)
    (event,) = database["audit_events"].find({})
    assert (event["action"], event["reason"], event["actor"]) == (
        "rerun_job",
        "The data was wrong.",
        operator.user.id,
    )


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_a_job_that_is_being_made_is_left_alone(
    operator: Operator, database: Rows, status: str
) -> None:
    job = _stored(database, status=status, run="run_one")
    before = _row(database, job)

    answer = operator.decides("rerunJob", jobId=job.id)

    assert (answer["__typename"], answer["code"]) == ("ConflictError", "JOB_NOT_ENDED")
    assert _row(database, job) == before
    assert database["audit_events"].count_documents({}) == 0


def test_what_was_refused_can_be_asked_for_again_with_the_same_key(
    operator: Operator, database: Rows
) -> None:
    job = _stored(database, status="processing", run="run_one")
    wanted = {"jobId": job.id, "idempotencyKey": "key-00000001"}
    assert operator.decides("rerunJob", **wanted)["code"] == "JOB_NOT_ENDED"
    database["report_jobs"].update_one({}, {"$set": {"status": "completed"}})

    assert operator.decides("rerunJob", **wanted)["job"]["status"] == "PENDING"


def test_a_completed_report_is_mailed_under_the_next_number(
    operator: Operator, database: Rows
) -> None:
    job = _stored(database, status="completed", completed_at=MONDAY_NOON)

    answer = operator.decides("resendReport", jobId=job.id, reason="They lost it.")

    assert answer["job"]["status"] == "PENDING"
    assert _row(database, job)["sendNo"] == 1
    (event,) = database["audit_events"].find({})
    assert (event["action"], event["details"]) == ("resend_report", {"send_no": 1})


@pytest.mark.parametrize("status", ["pending", "processing", "failed", "cancelled"])
def test_what_is_not_completed_is_not_resent(
    operator: Operator, database: Rows, status: str
) -> None:
    error = JobError(code="broken", message="It broke.")
    job = _stored(database, status=status, error=error)
    before = _row(database, job)

    answer = operator.decides("resendReport", jobId=job.id)

    assert (answer["__typename"], answer["code"]) == ("ConflictError", "NOT_COMPLETED")
    assert _row(database, job) == before
