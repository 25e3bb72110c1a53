"""The mail provider takes nothing for an hour; Airflow and its clock are ours."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

import pytest
from pymongo.database import Database

from local_stack.mailbox.client import Mailbox
from local_stack.mailbox.faults import Fault, FaultRule
from tests.builders import MONDAY_NOON, a_job, a_subscription, a_user
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import ServiceError, StageError
from trial_reports.jobs.models import STAGES, Attempt, Job, StageRecord
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage

RUN = "run_one"
PEOPLE = 12
RETRIES = 4
HOUR = timedelta(hours=1)
SERVICE_RETRY = 300.0


@dataclass(order=True)
class Task:
    """A mapped email task that will run when its time has come."""

    due: datetime
    batch: int
    number: int = field(default=1, compare=False)

    @property
    def attempt(self) -> Attempt:
        return Attempt(RUN, "email", RETRIES, self.number, self.number > RETRIES)


class EmailStage:
    """Twelve reports that are ready to be mailed, each by a task of its own."""

    def __init__(
        self,
        settings: Settings,
        database: Database[dict[str, Any]],
        storage: Storage,
        queues: DeadLetterQueues,
    ) -> None:
        self.now = MONDAY_NOON
        self.database = database
        self.pipeline = ReportPipeline(
            settings, database, storage, queues, lambda: self.now
        )
        self.tasks: list[Task] = []
        for batch in range(PEOPLE):
            self._add(batch)

    @property
    def jobs(self) -> list[Job]:
        return list(self.pipeline.jobs.of_run(RUN))

    def run(self, until: datetime) -> None:
        """Run the tasks that are due before a moment, as Airflow would."""
        work = self.pipeline.work("email")
        while self.tasks and self.tasks[0].due <= until:
            task = heappop(self.tasks)
            self.now = max(self.now, task.due)
            try:
                self.pipeline.runner.run(task.attempt, task.batch, work)
            except ServiceError as error:
                task.due = self.now + timedelta(
                    seconds=error.retry_after or SERVICE_RETRY
                )
                heappush(self.tasks, task)
            except StageError:
                assert not task.attempt.last, "a try was used up by the outage"
                task.due = self.now + timedelta(seconds=30 * 2**task.number)
                task.number += 1
                heappush(self.tasks, task)
        self.now = max(self.now, until)

    def _add(self, batch: int) -> None:
        user = a_user()
        subscription = a_subscription(user)
        done = StageRecord(run=RUN, round=RETRIES, outcome="done", finished_at=self.now)
        job = a_job(
            subscription_id=subscription.id,
            user_id=user.id,
            run=RUN,
            batch=batch,
            stages=dict.fromkeys(STAGES[:-1], done),
        )
        self.database["users"].insert_one(user.to_row())
        self.database["subscriptions"].insert_one(subscription.to_row())
        self.database["report_jobs"].insert_one(job.to_row())
        heappush(self.tasks, Task(self.now, batch))


@pytest.fixture
def stage(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
) -> EmailStage:
    return EmailStage(settings, database, storage, queues)


@pytest.mark.parametrize("fault", [401, 403, 500, 503])
def test_an_hours_outage_fails_nobody_alarms_once_and_ends_with_everybody_mailed(
    stage: EmailStage, mailbox: Mailbox, fault: Fault
) -> None:
    mailbox.fail(FaultRule(fault=fault))
    stage.run(until=MONDAY_NOON + HOUR)
    assert {job.status for job in stage.jobs} == {"processing"}
    assert mailbox.messages() == []
    assert [a.code for a in stage.pipeline.alarms.raised()] == ["delivery_paused"]
    (control,) = stage.database["controls"].find()
    tried = 5 + HOUR / timedelta(seconds=SERVICE_RETRY)
    assert control["refusals"] <= tried, "the provider is not left alone"

    mailbox.recover()
    stage.run(until=MONDAY_NOON + HOUR + timedelta(minutes=15))
    assert {job.status for job in stage.jobs} == {"completed"}
    mailed = sorted(mail.custom_args["jobId"] for mail in mailbox.messages())
    assert mailed == sorted(job.id for job in stage.jobs)
    assert stage.pipeline.alarms.raised() == []
    assert stage.database["alarms"].count_documents({}) == 1


def test_mails_that_may_have_been_taken_stop_delivery_before_many_are_in_doubt(
    stage: EmailStage, mailbox: Mailbox
) -> None:
    mailbox.fail(FaultRule(fault=502))
    stage.run(until=MONDAY_NOON)
    outcomes = [job.stages.get("email") for job in stage.jobs]
    in_doubt = [record for record in outcomes if record is not None]
    assert len(in_doubt) == 5
    assert [a.code for a in stage.pipeline.alarms.raised()] == ["delivery_paused"]


def test_a_provider_that_asks_for_a_rest_gets_it_and_nobody_is_alarmed(
    stage: EmailStage, mailbox: Mailbox
) -> None:
    mailbox.fail(FaultRule(fault=429, times=1))
    stage.run(until=MONDAY_NOON)
    assert mailbox.messages() == []
    stage.run(until=MONDAY_NOON + timedelta(hours=1))
    assert len(mailbox.messages()) == PEOPLE
    assert {job.status for job in stage.jobs} == {"completed"}
    assert stage.database["alarms"].count_documents({}) == 0
