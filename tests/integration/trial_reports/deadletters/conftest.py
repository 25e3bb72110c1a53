"""An operator's desk: failed jobs, their letters in SQS, and what redrives them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from mypy_boto3_sqs import SQSClient
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job
from trial_reports.audit.trail import AuditTrail
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.open_letters import OpenLetters, Selection
from trial_reports.deadletters.outbox import Outbox
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.deadletters.redrive import Redriver, RedriveRequest
from trial_reports.deadletters.redriven import Outcome
from trial_reports.deadletters.sweep import Sweep
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Cause, Failure, Job, OpenDeadLetter, Stage
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

NOW = MONDAY_NOON


class Desk:
    """Real MongoDB and SQS around the redriver."""

    def __init__(
        self,
        database: Database[dict[str, Any]],
        queues: DeadLetterQueues,
        sqs: SQSClient,
    ) -> None:
        self.database = database
        self.queues = queues
        self.jobs = Jobs(database)
        self.transitions = Transitions(database)
        self.decisions = Decisions(database)
        self.audit = AuditTrail(database)
        self.outbox = Outbox(self.jobs, self.transitions, queues)
        self.open_letters = OpenLetters(database)
        self.sweep = Sweep(queues, self.open_letters)
        self._sqs = sqs

    def redriver(self, queues: DeadLetterQueues | None = None) -> Redriver:
        sweep = Sweep(queues or self.queues, self.open_letters)
        return Redriver(self.open_letters, self.decisions, sweep, self.audit)

    def redrive(self, *, dry_run: bool = False, **selection: Any) -> Outcome:
        request = RedriveRequest(
            Selection(**selection), by="olivia", reason="fixed", dry_run=dry_run
        )
        return self.redriver().run(request, NOW)

    def failed(
        self,
        stage: Stage = "fetch",
        cause: Cause = "permanent",
        code: str = "broken",
        at: datetime = NOW,
    ) -> Job:
        """Return a job that has failed; its letter is not sent yet."""
        job = a_job()
        self.transitions.create([job])
        self.fails(job, Failure(code=code, message="It broke.", cause=cause), stage, at)
        return self.fresh(job)

    def fails(
        self, job: Job, why: Failure, stage: Stage = "fetch", at: datetime = NOW
    ) -> None:
        self.transitions.claim("run_one", {"_id": job.id}, at)
        assert self.transitions.give_up(self.fresh(job), stage, why, at)

    def sent(self, count: int, **how: Any) -> list[Job]:
        """Return failed jobs whose letters are in SQS, the oldest first."""
        failed = [
            self.failed(at=NOW - timedelta(hours=count - number), **how)
            for number in range(count)
        ]
        assert self.outbox.send_unsent(NOW) == count
        return failed

    def letter(self, job: Job) -> OpenDeadLetter:
        """Return a job's open letter."""
        letter = self.fresh(job).dead_letter
        assert letter is not None
        return letter

    def fresh(self, job: Job) -> Job:
        found = self.jobs.find(job.id)
        assert found is not None
        return found

    def statuses(self, jobs: list[Job]) -> list[str]:
        return [self.fresh(job).status for job in jobs]

    def put(self, body: str, stage: Stage = "fetch") -> None:
        """Put any message into a stage's queue."""
        self._sqs.send_message(QueueUrl=self._url(stage), MessageBody=body)

    def seen_by_others(self, stage: Stage = "fetch") -> list[str]:
        """Return the messages that another reader gets now, and leave them be."""
        found: dict[str, str] = {}
        while messages := self._sqs.receive_message(
            QueueUrl=self._url(stage), MaxNumberOfMessages=10, VisibilityTimeout=60
        ).get("Messages"):
            found |= {m["ReceiptHandle"]: m["Body"] for m in messages}
        for receipt in found:
            self._sqs.change_message_visibility(
                QueueUrl=self._url(stage), ReceiptHandle=receipt, VisibilityTimeout=0
            )
        return list(found.values())

    def letters(self, stage: Stage = "fetch") -> list[str]:
        """Return the ids of the letters in a stage's queue."""
        bodies = self.seen_by_others(stage)
        return sorted(DeadLetter.model_validate_json(body).id for body in bodies)

    def _url(self, stage: Stage) -> str:
        return self._sqs.get_queue_url(QueueName=self.queues.name(stage))["QueueUrl"]


@pytest.fixture
def desk(
    database: Database[dict[str, Any]], queues: DeadLetterQueues, sqs: SQSClient
) -> Desk:
    return Desk(database, queues, sqs)
