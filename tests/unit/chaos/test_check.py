"""Each promise, broken by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local_stack.mailbox.messages import Message
from tests.builders import MONDAY_NOON, a_job
from tests.chaos.check import violations
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import Artifact, Job, JobError, OpenDeadLetter, Report

REPORT = Report(
    artifact=Artifact(uri="s3://reports/one.pdf", sha256="0" * 64, size=1),
    pages=1,
    cut_off=MONDAY_NOON,
    made_at=MONDAY_NOON,
)


def completed(**changes: Any) -> Job:
    job = {"subscription_id": "sub_one", "status": "completed", "report": REPORT}
    return a_job(**job | changes)


def failed(code: str = "mail_refused", **changes: Any) -> Job:
    letter = OpenDeadLetter(id="dl_one", stage="email", sent_at=MONDAY_NOON)
    error = JobError(code=code, message="It failed.")
    job = {"status": "failed", "report": None, "error": error, "dead_letter": letter}
    return completed(**job | changes)


def mail(job: Job, number: int = 1, **ids: str) -> Message:
    return Message(
        id=f"{job.id}.{number}",
        request_id=job.id,
        received_at=datetime(2026, 11, 23, tzinfo=UTC),
        sender="reports@study.example",
        recipient="ada@example.org",
        subject="A report",
        custom_args={"jobId": job.id, **ids},
    )


def check(job: Job, mails: int = 0, letters: tuple[DeadLetter, ...] = ()) -> list[str]:
    every = [mail(job, number) for number in range(mails)]
    return violations({job.subscription_id}, [job], every, letters)


def test_a_completed_job_with_one_mail_is_well() -> None:
    assert check(completed(), mails=1) == []


def test_a_failed_job_with_its_letter_is_well_even_if_sqs_has_it_twice() -> None:
    letter = DeadLetter.about(failed())
    assert check(failed(), letters=(letter, letter)) == []


def test_only_a_person_knows_about_a_mail_that_has_not_arrived() -> None:
    job = failed("delivery_unknown")
    assert check(job, letters=(DeadLetter.about(job),)) == []


@pytest.mark.parametrize(
    ("job", "mails", "said"),
    [
        (completed(), 0, "has 0 mails"),
        (completed(), 2, "mailed 2 times as number 0"),
        (completed(report=None), 1, "has no report"),
        (completed(status="processing", run="run_one"), 0, "has not ended"),
        (completed(status="pending"), 0, "has not ended"),
        (completed(status="cancelled"), 1, "has 1 mails"),
        (completed(dead_letter=failed().dead_letter), 1, "an open dead letter dl_one"),
        (failed(), 0, "dl_one is not in its queue"),
        (failed(dead_letter=None), 0, "has no dead letter"),
        (failed(error=None), 0, "does not say why"),
        (failed(), 1, "has 1 mails"),
        (failed("delivery_unknown"), 1, "has 1 mails"),
        (failed("delivery_unknown"), 2, "mailed 2 times"),
        (
            failed(dead_letter=OpenDeadLetter(id="dl_one", stage="email")),
            0,
            "dl_one is not marked sent",
        ),
    ],
)
def test_a_broken_promise_is_named(job: Job, mails: int, said: str) -> None:
    assert any(said in violation for violation in check(job, mails))


def test_a_lost_a_doubled_and_an_uncalled_for_job_are_named() -> None:
    twice = [completed(), completed(id="job_other")]
    uncalled = completed(subscription_id="sub_stranger")
    every = [*twice, uncalled]
    mails = [mail(job) for job in every]
    found = violations({"sub_one", "sub_lost"}, every, mails, [])
    assert found == [
        "sub_lost: 0 jobs, owed 1",
        "sub_one: 2 jobs, owed 1",
        "sub_stranger: 1 jobs, owed 0",
    ]


def test_a_mail_about_no_job_is_named() -> None:
    (said,) = violations(set(), [], [mail(completed())], [])
    assert "there is no such job" in said
