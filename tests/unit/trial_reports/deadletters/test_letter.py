"""The dead letter: what an operator needs, and nothing about the person."""

import json

import pytest

from tests.builders import MONDAY_NOON, a_job
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import Job, JobError, OpenDeadLetter


def a_failed_job() -> Job:
    return a_job(
        status="failed",
        run="run_one",
        batch=7,
        attempts=9,
        failures=2,
        error=JobError(code="mail_refused", message="The provider refuses the mail."),
        dead_letter=OpenDeadLetter(id="dl_one", stage="email"),
        user_id="usr_one",
    )


def test_a_letter_says_where_and_why_the_job_failed() -> None:
    job = a_failed_job()

    written = json.loads(DeadLetter.about(job).model_dump_json(by_alias=True))

    assert written == {
        "version": 1,
        "id": "dl_one",
        "stage": "email",
        "jobId": job.id,
        "subscriptionId": job.subscription_id,
        "period": "2026-W47",
        "run": "run_one",
        "batch": 7,
        "attempts": 9,
        "failures": 2,
        "code": "mail_refused",
        "message": "The provider refuses the mail.",
        "failedAt": MONDAY_NOON.isoformat().replace("+00:00", "Z"),
    }


def test_a_letter_does_not_say_whose_report_it_was() -> None:
    job = a_failed_job()
    told = DeadLetter.about(job).model_dump_json()

    assert job.user_id not in told
    assert job.study_id not in told


def test_a_reader_refuses_a_version_it_does_not_know() -> None:
    later = DeadLetter.about(a_failed_job()).model_dump(by_alias=True) | {"version": 2}

    with pytest.raises(ValueError, match="version"):
        DeadLetter.model_validate(later)


@pytest.mark.parametrize("missing", ["error", "dead_letter"])
def test_there_is_no_letter_about_a_job_that_has_not_failed(missing: str) -> None:
    job = a_failed_job().model_copy(update={missing: None})

    with pytest.raises(LookupError, match=job.id):
        DeadLetter.about(job)
