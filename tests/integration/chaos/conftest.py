"""A week that the product has really run, on a small scale."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from local_stack.mailbox.client import Mailbox
from tests.builders import MONDAY_NOON
from tests.chaos.check import violations
from tests.chaos.letters import read_letters
from tests.chaos.study import load_week
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import StageError
from trial_reports.jobs.models import STAGES, Attempt, Job, Stage
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.pipeline.plan import PlanRequest
from trial_reports.pipeline.send import Send
from trial_reports.settings import Pipeline, Settings
from trial_reports.storage.storage import Storage

_RUN = "run_one"
_PEOPLE = 3


class SmallWeek:
    """Three people's week in one batch; one of them has left the study."""

    def __init__(
        self,
        settings: Settings,
        database: Database[dict[str, Any]],
        storage: Storage,
        queues: DeadLetterQueues,
        mailbox: Mailbox,
    ) -> None:
        one_batch = Pipeline(max_mapped_tasks=1)
        self.pipeline = ReportPipeline(
            settings.model_copy(update={"pipeline": one_batch}),
            database,
            storage,
            queues,
            lambda: MONDAY_NOON,
        )
        self.database = database
        self.mailbox = mailbox
        self._queues = queues
        self._week = load_week(database, 1, _PEOPLE, MONDAY_NOON)

    def begins(self) -> None:
        """Plan the week."""
        request = PlanRequest(run=_RUN, as_of=MONDAY_NOON, reason="test")
        self.pipeline.planner.plan(request, MONDAY_NOON)

    def goes_through(self, *stages: Stage, round_: int = 0, **parts: Any) -> None:
        """Do stages as their last try; ``parts`` replace some of the email stage's."""
        for stage in stages:
            work = self.pipeline.work(stage)
            if isinstance(work, Send):
                work = replace(work, **parts)
            attempt = Attempt(run=_RUN, stage=stage, round=round_, number=1, last=True)
            with suppress(StageError):
                self.pipeline.runner.run(attempt, 0, work)
            self.pipeline.outbox.send_unsent(MONDAY_NOON)

    def completes(self) -> None:
        """Plan it, and do every stage."""
        self.begins()
        self.goes_through(*STAGES)

    def jobs(self) -> list[Job]:
        """Return its jobs."""
        return [Job.from_row(row) for row in self.database["report_jobs"].find()]

    def violations(self) -> list[str]:
        """Return what the suite finds wrong now."""
        mails = self.mailbox.messages()
        letters = read_letters(self._queues)
        return violations(self._week.subscriptions, self.jobs(), mails, letters)


@pytest.fixture
def week(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    mailbox: Mailbox,
) -> SmallWeek:
    return SmallWeek(settings, database, storage, queues, mailbox)
