"""A sample week from subscription to mailbox: everybody gets what they should."""

from typing import Any

import pytest
from mypy_boto3_sqs import SQSClient
from pymongo.database import Database

from local_stack.mailbox.client import Mailbox
from local_stack.sample_study import Awkwardness, Person, SampleStudy, generate
from tests.builders import MONDAY_NOON, PERIOD
from tests.pdfs import everything_in, text_of
from tests.week import Week
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.jobs.models import STAGES, Job
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage

LIMIT = 64 * 1024 * 1024


@pytest.fixture(scope="module")
def sample() -> SampleStudy:
    return generate(seed=7, participants=12, last_tick=MONDAY_NOON)


@pytest.fixture
def week(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
) -> Week:
    return Week(settings, database, storage, queues)


def test_a_week_ends_for_everybody_as_it_should(
    week: Week, sample: SampleStudy, mailbox: Mailbox, sqs: SQSClient
) -> None:
    week.load(sample, mailbox)
    totals = week.run()

    # 12 people: one cannot subscribe, one has left again, one is in two studies.
    assert (totals.jobs, totals.completed) == (11, 9)
    assert (totals.failed, totals.cancelled, totals.unaccounted) == (1, 1, 0)
    recipients = [message.recipient for message in mailbox.messages()]
    assert len(recipients) == totals.completed
    plain = sample.people[0]
    assert recipients.count(plain.user.email) == 1
    two = sample.odd(Awkwardness.TWO_STUDIES)
    assert recipients.count(two.user.email) == 2

    assert week.job_of(sample.odd(Awkwardness.UNSUBSCRIBED).user.id) is None
    assert week.job_of(sample.odd(Awkwardness.UNVERIFIED).user.id) is None
    withdrawn = job_of(week, sample.odd(Awkwardness.WITHDRAWN))
    assert withdrawn.status == "cancelled"
    assert withdrawn.error is not None
    assert withdrawn.error.code == "withdrawn"
    assert withdrawn.dead_letter is None
    refused = job_of(week, sample.odd(Awkwardness.REFUSED_ADDRESS))
    assert refused.status == "failed"
    assert refused.report is not None
    assert refused.dead_letter is not None
    assert refused.dead_letter.stage == "email"
    assert depths(sqs, week.queues) == {"fetch": 0, "aggregate": 0, "render": 0} | {
        "email": 1
    }

    assert "Nothing was recorded" in report_text(week, sample, Awkwardness.QUIET)
    assert "damaged" in report_text(week, sample, Awkwardness.TRUNCATED_PHOTO)
    assert "could not be found" in report_text(week, sample, Awkwardness.MISSING_OBJECT)

    assert_private(week, sample, mailbox)
    assert_repeating_sends_nothing(week, mailbox)
    assert_a_clear_renders_anew_and_sends_nothing(week, plain, mailbox)


def assert_private(week: Week, sample: SampleStudy, mailbox: Mailbox) -> None:
    canaries = sample.canaries
    for job in week.pipeline.jobs.of_run("run_one"):
        for stage in STAGES:
            record = job.stages.get(stage)
            if record is None or record.artifact is None:
                continue
            data = week.storage.read(record.artifact.uri, limit=LIMIT)
            searched = everything_in(data) if stage == "render" else data
            never = canaries.unprinted + canaries.blinded
            if job.user_id != sample.people[0].user.id:
                never += canaries.readable
            found = [c for c in never if c.encode() in searched]
            assert found == [], f"{stage} of {job.id}"
    for message in mailbox.messages():
        told = message.model_dump_json(exclude={"recipient"})
        assert [c for c in canaries.every if c in told] == []
    outside = [str(row) for row in week.database["report_jobs"].find()]
    assert [c for c in canaries.every if c in "".join(outside)] == []


def assert_repeating_sends_nothing(week: Week, mailbox: Mailbox) -> None:
    sent = len(mailbox.messages())
    assert week.run("run_two").jobs == 0
    assert week.run("run_three", period=PERIOD.key).jobs == 0
    assert len(mailbox.messages()) == sent


def assert_a_clear_renders_anew_and_sends_nothing(
    week: Week, person: Person, mailbox: Mailbox
) -> None:
    before = job_of(week, person)
    sent = len(mailbox.messages())
    assert before.batch is not None
    week.run_stage("render", before.batch, round_=3)
    week.run_stage("email", before.batch, round_=3)
    after = job_of(week, person)
    assert before.report is not None
    assert after.report is not None
    assert after.report.artifact.uri != before.report.artifact.uri
    assert after.status == "completed"
    assert len(mailbox.messages()) == sent


def job_of(week: Week, person: Person) -> Job:
    job = week.job_of(person.user.id)
    assert job is not None
    return job


def report_text(week: Week, sample: SampleStudy, oddity: Awkwardness) -> str:
    job = job_of(week, sample.odd(oddity))
    assert job.report is not None
    return text_of(week.storage.read(job.report.artifact.uri, limit=LIMIT))


def depths(sqs: SQSClient, queues: DeadLetterQueues) -> dict[str, int]:
    counted: dict[str, int] = {}
    for stage in STAGES:
        url = sqs.get_queue_url(QueueName=queues.name(stage))["QueueUrl"]
        answer = sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        counted[stage] = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    return counted
