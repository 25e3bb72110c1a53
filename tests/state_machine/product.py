"""The product's real parts over watched clients, and a process of it at a time."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from mypy_boto3_sqs import SQSClient
from pymongo.database import Database

from tests.builders import MONDAY_NOON
from tests.state_machine.observer import Observer
from tests.state_machine.outside import (
    Crash,
    Outside,
    Row,
    WatchedDatabase,
    WatchedQueues,
)
from tests.state_machine.stages import MailProvider, Moods, stage_work
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import StageError
from trial_reports.jobs.models import Attempt, Failure, Job, Stage
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.pipeline.send import Send
from trial_reports.pipeline.stage import Work
from trial_reports.settings import Mail, Pipeline, Settings
from trial_reports.storage.storage import Storage

_BATCHES = Pipeline(max_mapped_tasks=2)
_PATIENCE = Mail(pause_after=3, probe_seconds=60, per_minute=1_000_000)
"""Delivery pauses soon, and is probed whenever time has passed."""


class Product:
    """One installation.

    Args:
        settings: With the prefix of the queues.
        database: With its indexes; empty.
        storage: The object store.
        sqs: A real client.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database[Row],
        storage: Storage,
        sqs: SQSClient,
    ) -> None:
        self.now: datetime = MONDAY_NOON
        self.outside = Outside(self.look)
        self.database = database
        self.watched = cast("Database[Row]", WatchedDatabase(database, self.outside))
        self.sqs = WatchedQueues(sqs, self.outside)
        self.provider = MailProvider(self.outside)
        self.observer = Observer(database)
        self.queues = DeadLetterQueues(
            cast("SQSClient", self.sqs), settings.dead_letters.queue_prefix
        )
        self.pipeline = ReportPipeline(
            settings.model_copy(
                update={
                    "pipeline": _BATCHES,
                    "mail": _PATIENCE.model_copy(
                        update={"api_key": settings.mail.api_key}
                    ),
                }
            ),
            self.watched,
            storage,
            self.queues,
            lambda: self.now,
        )
        send = self.pipeline.work("email")
        assert isinstance(send, Send)
        self.send = replace(send, mailer=self.provider)

    def look(self, place: str = "report_jobs") -> None:
        """Look at the jobs after something was written in a place."""
        if place in ("report_jobs", "mail", "sqs"):
            self.observer.look(self.provider, self.sqs)

    def jobs(self, *statuses: str) -> list[Job]:
        """Return the jobs in one of these states, always in the same order."""
        rows = self.database["report_jobs"].find({"status": {"$in": statuses}})
        return [Job.from_row(row) for row in rows.sort("_id", 1)]

    def run_stage(
        self, attempt: Attempt, batch: int, moods: Moods
    ) -> StageError | Crash | None:
        """Run a try as its task does; return what it ended with."""
        failure: StageError | None = None
        try:
            try:
                self.pipeline.runner.run(
                    attempt, batch, self._work(attempt.stage, moods)
                )
            except StageError as error:
                failure = error
            self.pipeline.outbox.send_unsent(self.now)
        except Crash as crash:
            return crash
        return failure

    def settle_failed_task(self, attempt: Attempt, batch: int) -> None:
        """Do what the failure callback does."""
        why = Failure(code="task_failed", message="The task ended.", cause="crash")
        for job in self.pipeline.jobs.due(attempt, batch):
            self.pipeline.transitions.fail(job, attempt, why, self.now)
        self.pipeline.outbox.send_unsent(self.now)

    def _work(self, stage: Stage, moods: Moods) -> Work:
        if stage == "email":
            self.provider.moods.extend(moods)
            return self.send
        return stage_work(moods, self.observer.unwanted, self.now)
