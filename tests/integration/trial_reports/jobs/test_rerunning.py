"""Having an ended report made anew."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON as NOW
from tests.builders import a_decision, a_job
from trial_reports.audit.trail import AuditTrail
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.rerunning import JobRerunning


@pytest.fixture
def rerunning(database: Database[dict[str, Any]]) -> JobRerunning:
    return JobRerunning(Decisions(database), AuditTrail(database))


def _stored(database: Database[dict[str, Any]], **changes: Any) -> Job:
    job = a_job(**changes)
    database["report_jobs"].insert_one(job.to_row())
    return job


def _read(database: Database[dict[str, Any]], job: Job) -> Job:
    found = Jobs(database).find(job.id)
    assert found is not None
    return found


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_an_ended_report_waits_for_a_run_again(
    rerunning: JobRerunning, database: Database[dict[str, Any]], status: str
) -> None:
    job = _stored(database, status=status, run="run_old", completed_at=NOW)
    decision = a_decision()

    rerunning.rerun(job, decision, NOW)

    anew = _read(database, job)
    assert (anew.status, anew.run, anew.completed_at) == ("pending", None, None)
    (event,) = AuditTrail(database).about(job.id)
    assert (event.action, event.actor, event.reason) == (
        "rerun_job",
        decision.by,
        decision.reason,
    )


def test_repeating_a_decision_does_nothing(
    rerunning: JobRerunning, database: Database[dict[str, Any]]
) -> None:
    job = _stored(database, status="completed")
    decision = a_decision()
    rerunning.rerun(job, decision, NOW)
    database["report_jobs"].update_one({}, {"$set": {"status": "completed"}})

    rerunning.rerun(_read(database, job), decision, NOW)

    assert _read(database, job).status == "completed"
    assert len(AuditTrail(database).about(job.id)) == 1


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_what_is_being_made_is_left_alone(
    rerunning: JobRerunning, database: Database[dict[str, Any]], status: str
) -> None:
    job = _stored(database, status=status, run="run_one")

    with pytest.raises(RequestError, match="job_not_ended"):
        rerunning.rerun(job, a_decision(), NOW)

    assert _read(database, job) == job
    assert AuditTrail(database).about(job.id) == []
