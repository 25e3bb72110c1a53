"""One id leads from a job to all that is made of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.builders import MONDAY_NOON, PERIOD, an_attempt
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import STAGES, Failure
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.stage import StageResult, StageRunner

if TYPE_CHECKING:
    import pytest
    from mypy_boto3_s3 import S3Client

    from local_stack.mailbox.client import Mailbox
    from tests.integration.trial_reports.pipeline.conftest import Participant

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_artifacts_report_and_mail_carry_the_jobs_id(
    ada: Participant, s3: S3Client, mailbox: Mailbox
) -> None:
    ada.records()
    for stage in STAGES:
        ada.goes_through(stage)

    assert ada.job.correlation_id == TRACE
    for stage in STAGES[:-1]:
        artifact = ada.job.artifact_of(stage)
        place = urlsplit(artifact.uri)
        head = s3.head_object(Bucket=place.netloc, Key=place.path[1:])
        assert head["Metadata"] == {
            "sha256": artifact.sha256,
            "correlation-id": TRACE,
        }
    (mail,) = mailbox.messages(ada.user.email)
    assert mail.custom_args["correlationId"] == TRACE


def test_a_job_without_one_is_made_as_well(
    ada: Participant, s3: S3Client, mailbox: Mailbox
) -> None:
    ada.job = ada.job.model_copy(update={"correlation_id": None})
    for stage in STAGES:
        ada.goes_through(stage)

    artifact = ada.job.artifact_of("render")
    place = urlsplit(artifact.uri)
    head = s3.head_object(Bucket=place.netloc, Key=place.path[1:])
    assert head["Metadata"] == {"sha256": artifact.sha256}
    (mail,) = mailbox.messages(ada.user.email)
    assert mail.custom_args == {"jobId": ada.job.id, "sendNo": "0"}


def test_it_outlives_failure_redrive_and_another_run_and_is_in_the_log(
    ada: Participant, caplog: pytest.LogCaptureFixture
) -> None:
    jobs, transitions = Jobs(ada.database), Transitions(ada.database)
    ada.database["report_jobs"].update_one(
        {"_id": ada.job.id}, {"$set": {"run": "run_one", "batch": 0}}
    )
    begun = transitions.begin(ada.job, an_attempt(), MONDAY_NOON)
    assert begun is not None
    failure = Failure(code="broken", message="It is broken.", cause="bug")
    letter = transitions.fail(begun, an_attempt(), failure, MONDAY_NOON)
    assert letter is not None
    failed = jobs.find(ada.job.id)
    assert failed is not None
    assert Decisions(ada.database).redrive(failed, letter, MONDAY_NOON)
    assert transitions.claim("run_two", {}, MONDAY_NOON) == 1
    transitions.assign_batches("run_two", {ada.job.id: 0})

    with caplog.at_level(logging.INFO):
        StageRunner(jobs, transitions, lambda: MONDAY_NOON).run(
            an_attempt(run="run_two"), 0, lambda _job, _attempt: StageResult()
        )

    assert f"fetch {ada.job.id} [{TRACE}]: done" in caplog.text
    (done,) = jobs.of_run("run_two")
    assert (done.period, done.correlation_id) == (PERIOD, TRACE)
