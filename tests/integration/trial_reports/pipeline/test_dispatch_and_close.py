"""Whatever a run leaves behind is found, counted, and taken up again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from mypy_boto3_sqs import SQSClient
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, a_subscription, a_user, an_attempt
from trial_reports.alarms.repository import Alarms
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.outbox import Outbox
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.ledger import Ledger
from trial_reports.errors import PermanentError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import STAGES, Failure, Job, Stage, StageOutcome
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.close import RunCloser
from trial_reports.pipeline.dispatch import Dispatcher
from trial_reports.runs.models import Run
from trial_reports.runs.repository import Runs
from trial_reports.subscriptions.repository import Subscriptions

RUN = Run(id="run_one", as_of=MONDAY_NOON, reason="test", planned_at=MONDAY_NOON)
BROKEN = Failure(code="broken", message="It broke.", cause="permanent")


class Service:
    """The service around one run with planned jobs."""

    def __init__(
        self, database: Database[dict[str, Any]], queues: DeadLetterQueues
    ) -> None:
        self.jobs = Jobs(database)
        self.transitions = Transitions(database)
        self.runs = Runs(database)
        self.subscriptions = Subscriptions(database)
        self.outbox = Outbox(self.jobs, self.transitions, queues)
        self.ledger = Ledger(database, timedelta(minutes=1))
        self.alarms = Alarms(database)
        self.closer = RunCloser(
            self.jobs,
            self.ledger,
            self.transitions,
            Decisions(database),
            self.runs,
            self.outbox,
            self.alarms,
            max_failed_share=0.5,
        )
        self.dispatcher = Dispatcher(
            self.subscriptions,
            self.jobs,
            self.transitions,
            self.outbox,
            max_releases=3,
        )
        self.runs.open(RUN)

    def planned(self, run: str = RUN.id) -> Job:
        job = a_job()
        self.transitions.create([job])
        self.transitions.claim(run, {"_id": job.id}, MONDAY_NOON)
        self.transitions.assign_batches(run, {job.id: 0})
        return self.fresh(job)

    def fresh(self, job: Job) -> Job:
        found = self.jobs.find(job.id)
        assert found is not None
        return found

    def failed(self) -> Job:
        job = self.planned()
        begun = self.transitions.begin(job, an_attempt(), MONDAY_NOON)
        assert begun is not None
        self.transitions.fail(begun, an_attempt(), BROKEN, MONDAY_NOON)
        return self.fresh(job)


@pytest.fixture
def service(database: Database[dict[str, Any]], queues: DeadLetterQueues) -> Service:
    return Service(database, queues)


def letters(sqs: SQSClient, queues: DeadLetterQueues, stage: Stage) -> list[DeadLetter]:
    url = sqs.get_queue_url(QueueName=queues.name(stage))["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [
        DeadLetter.model_validate_json(message["Body"])
        for message in answer.get("Messages", [])
    ]


def test_a_failed_job_reaches_its_stages_queue_once(
    service: Service, queues: DeadLetterQueues, sqs: SQSClient
) -> None:
    job = service.failed()
    assert service.outbox.send_unsent(MONDAY_NOON) == 1
    assert service.outbox.send_unsent(MONDAY_NOON) == 0
    (letter,) = letters(sqs, queues, "fetch")
    assert job.dead_letter is not None
    assert (letter.id, letter.job_id, letter.code) == (
        job.dead_letter.id,
        job.id,
        "broken",
    )
    assert letters(sqs, queues, "render") == []


def test_a_queue_that_is_away_keeps_letters_in_the_outbox(service: Service) -> None:
    service.failed()
    away = DeadLetterQueues(service.outbox.queues.client, "no-such-prefix")
    lost = replace(service.outbox, queues=away)
    assert lost.send_unsent(MONDAY_NOON) == 0
    assert service.outbox.send_unsent(MONDAY_NOON) == 1


def test_closing_counts_every_job_and_sends_what_was_unsent(service: Service) -> None:
    service.failed()
    done = service.planned()
    service.transitions.database["report_jobs"].update_one(
        {"_id": done.id}, {"$set": {"status": "completed"}}
    )
    totals = service.closer.close(RUN.id, MONDAY_NOON)
    assert (totals.jobs, totals.completed, totals.failed) == (2, 1, 1)
    assert service.runs.get(RUN.id).totals == totals
    assert list(service.jobs.unsent_dead_letters()) == []


def test_a_run_that_lost_a_job_is_not_called_a_success(service: Service) -> None:
    service.planned()
    with pytest.raises(PermanentError, match="jobs_unaccounted"):
        service.closer.close(RUN.id, MONDAY_NOON)


def test_a_run_with_too_many_failures_is_not_called_a_success(
    service: Service,
) -> None:
    service.failed()
    with pytest.raises(PermanentError, match="too_many_failures"):
        service.closer.close(RUN.id, MONDAY_NOON)


def test_a_mail_of_unknown_outcome_becomes_a_dead_letter(service: Service) -> None:
    job = service.planned()
    for stage in STAGES:
        attempt = an_attempt(stage)
        begun = service.transitions.begin(service.fresh(job), attempt, MONDAY_NOON)
        assert begun is not None
        outcome: StageOutcome = "unknown" if stage == "email" else "done"
        service.transitions.finish(begun, attempt, MONDAY_NOON, outcome=outcome)
    with pytest.raises(PermanentError, match="too_many_failures"):
        service.closer.close(RUN.id, MONDAY_NOON)
    settled = service.fresh(job)
    assert settled.error is not None
    assert settled.error.code == "delivery_unknown"
    assert settled.dead_letter is not None
    assert settled.dead_letter.stage == "email"


def test_a_mail_that_turns_out_accepted_completes_its_job(service: Service) -> None:
    job = service.planned()
    for stage in STAGES:
        attempt = an_attempt(stage)
        begun = service.transitions.begin(service.fresh(job), attempt, MONDAY_NOON)
        assert begun is not None
        outcome: StageOutcome = "unknown" if stage == "email" else "done"
        service.transitions.finish(begun, attempt, MONDAY_NOON, outcome=outcome)
    delivery, _ = service.ledger.claim(job.id, job.user_id, MONDAY_NOON)
    service.ledger.accept(delivery, "msg-1", MONDAY_NOON)
    assert service.closer.close(RUN.id, MONDAY_NOON).completed == 1


def test_an_orphan_waits_for_a_new_run_and_the_third_loss_fails_it(
    service: Service,
) -> None:
    job = service.planned()
    for _ in range(2):
        released = service.dispatcher.release_orphans(lambda _: True, MONDAY_NOON)
        assert released == 1
        assert service.dispatcher.is_run_needed(MONDAY_NOON)
        service.transitions.claim(RUN.id, {}, MONDAY_NOON)
    assert service.dispatcher.release_orphans(lambda _: True, MONDAY_NOON) == 0
    lost = service.fresh(job)
    assert lost.status == "failed"
    assert lost.error is not None
    assert lost.error.code == "orphaned"


def test_jobs_of_a_live_run_are_left_alone(service: Service) -> None:
    job = service.planned()
    assert service.dispatcher.release_orphans(lambda _: False, MONDAY_NOON) == 0
    assert service.fresh(job).run == RUN.id


def test_an_overdue_subscription_needs_a_run(service: Service) -> None:
    assert not service.dispatcher.is_run_needed(MONDAY_NOON)
    service.subscriptions.add(a_subscription(a_user()))
    assert service.dispatcher.is_run_needed(MONDAY_NOON)
