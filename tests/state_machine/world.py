"""The product's real verbs over real services, called as Airflow and people do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from mypy_boto3_sqs import SQSClient
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_subscription, a_user
from tests.state_machine.airflow import DagRun
from tests.state_machine.observer import Observer
from tests.state_machine.outside import (
    Crash,
    Interruption,
    Outside,
    WatchedDatabase,
    WatchedQueues,
)
from tests.state_machine.stages import MailProvider, Moods, stage_work
from trial_reports.database.schema import apply_indexes
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import (
    PermanentError,
    ServiceError,
    StageError,
    TransientError,
)
from trial_reports.jobs.models import Attempt, Job, JobError, Stage
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.pipeline.plan import PlanRequest
from trial_reports.pipeline.send import Send
from trial_reports.pipeline.stage import Work
from trial_reports.settings import Pipeline, Settings
from trial_reports.storage.storage import Storage
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User

Row = dict[str, Any]

_PEOPLE = 3
_TASKS = 2


class World:
    """Three subscribers in two batches, their mail provider, and Airflow."""

    def __init__(
        self,
        settings: Settings,
        database: Database[Row],
        storage: Storage,
        sqs: SQSClient,
    ) -> None:
        self.now: datetime = MONDAY_NOON
        self.runs: dict[str, DagRun] = {}
        self.database = database
        self.outside = Outside(self._look)
        self.gone: set[str] = set()
        self._leaving: set[str] = set()
        self.provider = MailProvider(self.outside, self.gone)
        self.queues = WatchedQueues(sqs, self.outside)
        self.observer = Observer(database)
        watched = cast("Database[Row]", WatchedDatabase(database, self.outside))
        letters = DeadLetterQueues(
            cast("SQSClient", self.queues), settings.dead_letters.queue_prefix
        )
        limits = Pipeline(max_mapped_tasks=_TASKS)
        self.pipeline = ReportPipeline(
            settings.model_copy(update={"pipeline": limits}),
            watched,
            storage,
            letters,
            lambda: self.now,
        )
        apply_indexes(database)
        letters.create()
        send = self.pipeline.work("email")
        assert isinstance(send, Send)
        self.send = replace(send, mailer=self.provider)
        self.people = [self._subscriber(number) for number in range(_PEOPLE)]

    def happen(
        self, event: "Event", interruption: Interruption | None = None
    ) -> None:
        """Let something happen, perhaps interrupted, and look at the jobs."""
        self.outside.arm(interruption)
        try:
            event(self)
        except Crash:
            pass
        finally:
            self.outside.arm(None)
        self.gone |= self._leaving
        self._look("report_jobs")
        assert not self.observer.violations, "; ".join(self.observer.violations)

    def meanwhile(self, events: "tuple[Event, ...]") -> None:
        """Let other processes do something while one is paused."""
        for event in events:
            try:
                event(self)
            except Crash:
                continue

    def start(self, **request: Any) -> None:
        """Start a run of ``weekly_reports``."""
        name = f"run_{len(self.runs)}"
        request = {"reason": "test", "as_of": self.now} | request
        self.runs[name] = DagRun(PlanRequest(run=name, **request))
        self.plan(self.runs[name])

    def plan(self, run: DagRun) -> None:
        """Run the plan task, the first time or again."""
        run.over = False
        run.expand(len(self.pipeline.planner.plan(run.request, self.now)))

    def try_task(
        self, run: DagRun, stage: Stage, batch: int, moods: Moods, *, told: bool
    ) -> None:
        """Run a mapped task's next try, and do with its end as Airflow does.

        Args:
            run: The run.
            stage: The stage.
            batch: The batch.
            moods: How the work for each job goes.
            told: Whether the failure callback runs; a killed last try has none.
        """
        task = run.tasks[stage, batch]
        attempt = run.next_try(stage, batch)
        failure = self.run_stage(attempt, batch, moods)
        if (task.number, task.max_tries) != (attempt.number, attempt.round):
            return  # Airflow took this try for dead and has begun another
        if isinstance(failure, ServiceError):
            task.number -= 1
        elif failure is None or isinstance(failure, PermanentError) or attempt.last:
            task.ended = True
            if failure is not None and told:
                self.settle_failed_task(attempt, batch)

    def run_stage(
        self, attempt: Attempt, batch: int, moods: Moods
    ) -> BaseException | None:
        """Run a try in a process of its own; return what it ended with."""
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
        error = JobError(code="task_failed", message="The task ended.")
        for job in self.pipeline.jobs.due(attempt, batch):
            self.pipeline.transitions.fail(job, attempt, error, self.now)
        self.pipeline.outbox.send_unsent(self.now)

    def close(self, run: DagRun) -> None:
        """Run the task ``close_run``."""
        try:
            self.pipeline.closer.close(run.request.run, self.now)
        except PermanentError:
            pass  # the run is red; what it left open is the dispatcher's
        run.over = True

    def dispatch(self) -> None:
        """Run ``dispatch_reports``."""
        dispatcher = self.pipeline.dispatcher
        dispatcher.release_orphans(lambda run: self.runs[run].over, self.now)
        if dispatcher.is_run_needed(self.now):
            self.start(reason="dispatched")

    def leave(self, user: User, *, withdraws: bool) -> None:
        """Let somebody withdraw from the study, or unsubscribe."""
        if withdraws:
            left = {"$set": {"memberships.0.until": self.now}}
            self.database["users"].update_one({"_id": user.id}, left)
        else:
            subscription = user.id.replace("usr", "sub")
            Subscriptions(self.database).close(subscription, self.now)
        self.observer.unwanted.add(user.id)
        # Whoever leaves while the mail is on its way comes too late.
        late = self.outside.place in ("deliveries", "mail")
        (self._leaving if late else self.gone).add(user.email)

    def jobs(self, *statuses: str) -> list[Job]:
        """Return the jobs in one of these states, in a fixed order."""
        rows = self.database["report_jobs"].find({"status": {"$in": statuses}})
        return [Job.from_row(row) for row in rows.sort("_id", 1)]

    def _work(self, stage: Stage, moods: Moods) -> Work:
        if stage != "email":
            return stage_work(moods, self.observer.unwanted, self.now)
        self.provider.moods = moods
        return self.send

    def _look(self, place: str) -> None:
        if place in ("report_jobs", "mail", "sqs"):
            self.observer.look(self.provider, self.queues)

    def _subscriber(self, number: int) -> User:
        user = a_user(id=f"usr_{number}", email=f"usr_{number}@example.org")
        self.database["users"].insert_one(user.to_row())
        subscription = a_subscription(user, id=f"sub_{number}")
        self.database["subscriptions"].insert_one(subscription.to_row())
        return user


Event = Callable[[World], None]

SEND_TIMEOUT = timedelta(minutes=2)
"""Longer than any sender may take: what it has claimed is then unknown."""
