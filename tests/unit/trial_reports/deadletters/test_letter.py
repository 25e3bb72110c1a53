"""The dead letter: what an operator needs, and nothing about the person."""

import json
from datetime import timedelta

import pytest

from tests.builders import MONDAY_NOON, a_job
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import Job, JobError, OpenDeadLetter

LOG = "http://airflow.test/dags/weekly_reports/runs/run_one/tasks/report.email/mapped/7"


def a_failed_job() -> Job:
    return a_job(
        status="failed",
        run="run_one",
        batch=7,
        attempts=9,
        failures=2,
        error=JobError(code="mail_refused", message="The provider refuses the mail."),
        first_failed_at=MONDAY_NOON + timedelta(hours=1),
        dead_letter=OpenDeadLetter(
            id="dl_one",
            stage="email",
            batch=7,
            try_number=3,
            round=4,
            cause="permanent",
            failed_at=MONDAY_NOON + timedelta(hours=5),
            log_url=LOG,
        ),
        user_id="usr_one",
    )


def test_a_letter_says_where_when_and_why_the_job_failed_and_how_often() -> None:
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
        "tryNumber": 3,
        "round": 4,
        "attempts": 9,
        "failures": 2,
        "cause": "permanent",
        "code": "mail_refused",
        "message": "The provider refuses the mail.",
        "jobCreatedAt": "2026-11-23T12:00:00Z",
        "firstFailedAt": "2026-11-23T13:00:00Z",
        "failedAt": "2026-11-23T17:00:00Z",
        "logUrl": LOG,
    }


def test_it_is_the_same_letter_whoever_writes_it_and_whenever() -> None:
    job = a_failed_job()
    assert job.dead_letter is not None
    sent = job.dead_letter.model_copy(update={"sent_at": MONDAY_NOON})
    later = job.model_copy(
        update={"dead_letter": sent, "updated_at": MONDAY_NOON + timedelta(days=9)}
    )

    assert DeadLetter.about(later) == DeadLetter.about(job)


def test_a_row_from_before_there_were_causes_still_has_its_letter() -> None:
    row = a_failed_job().to_row()
    row["deadLetter"] = {"id": "dl_one", "stage": "email", "sentAt": None}
    del row["firstFailedAt"]

    letter = DeadLetter.about(Job.from_row(row))

    assert (letter.id, letter.failed_at) == ("dl_one", MONDAY_NOON)


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
