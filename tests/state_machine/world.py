"""Three subscribers, the product, and Airflow: what they do, and in what order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from tests.builders import a_decision, a_study, a_subscription, a_user
from tests.state_machine.airflow import DagRun
from tests.state_machine.outside import Crash, Interruption
from tests.state_machine.product import Product
from tests.state_machine.stages import Moods
from trial_reports.audit.trail import Decision
from trial_reports.delivery.controls import EVERYBODY
from trial_reports.errors import PermanentError, ServiceError
from trial_reports.identifiers import derived_id
from trial_reports.jobs.models import Stage
from trial_reports.pipeline.plan import PlanRequest
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User

SEND_TIMEOUT = timedelta(minutes=2)
"""Longer than any sender may take: what it has claimed is then unknown."""

_PEOPLE = 3

_TOO_LATE = ("controls", "deliveries", "mail")
"""Where a sender may be once it has asked for the last time who wants the mail."""


class World:
    """Everything that can happen to the product's weekly reports."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.runs: dict[str, DagRun] = {}
        self.resent: tuple[str, Decision] | None = None
        product.database["studies"].replace_one(
            {"_id": "stu_one"}, a_study().to_row(), upsert=True
        )
        self.people = [self._subscriber(number) for number in range(_PEOPLE)]
        self._left_late: set[str] = set()
        self._recalled_late: set[str] = set()
        self._paused_late = False

    def happen(self, event: "Event", interruption: Interruption | None = None) -> None:
        """Let something happen, perhaps interrupted, and look at the jobs.

        Raises:
            AssertionError: A promise was broken at some moment of it.
        """
        self.product.outside.arm(interruption)
        try:
            with suppress(Crash):
                event(self)
        finally:
            self.product.outside.arm(None)
        self.product.provider.gone |= self._left_late
        self.product.provider.recalled |= self._recalled_late
        self._recalled_late.clear()
        self.product.provider.paused |= self._paused_late
        self._paused_late = False
        self.product.look()
        violations = self.product.observer.violations
        assert not violations, "; ".join(violations)

    def meanwhile(self, events: "tuple[Event, ...]") -> None:
        """Let other processes do something while one is paused."""
        for event in events:
            with suppress(Crash):
                event(self)

    def start(
        self, reason: str = "scheduled", jobs: tuple[str, ...] | None = None
    ) -> None:
        """Start a run of ``weekly_reports``."""
        request = PlanRequest(
            run=f"run_{len(self.runs)}",
            as_of=self.product.now,
            reason=reason,
            jobs=jobs,
        )
        self.runs[request.run] = DagRun(request)
        self.plan(self.runs[request.run])

    def plan(self, run: DagRun) -> None:
        """Run the plan task, the first time or again."""
        product = self.product
        run.over = False
        before = product.outside.interruptions
        run.expand(len(product.pipeline.planner.plan(run.request, product.now)))
        if product.outside.interruptions == before:
            product.observer.look_at_batches(run.request.run, run.width)

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
        failure = self.product.run_stage(attempt, batch, moods)
        if (task.number, task.max_tries) != (attempt.number, attempt.round):
            return  # Airflow took this try for dead and has begun another
        if isinstance(failure, ServiceError):
            task.number -= 1
        elif failure is None or isinstance(failure, PermanentError) or attempt.last:
            task.ended = True
            if failure is not None and told:
                self.product.settle_failed_task(attempt, batch)

    def close(self, run: DagRun) -> None:
        """Run the task ``close_run``; a red run is over all the same."""
        with suppress(PermanentError):
            self.product.pipeline.closer.close(run.request.run, self.product.now)
        run.over = True

    def dispatch(self) -> None:
        """Run ``dispatch_reports``."""
        dispatcher, now = self.product.pipeline.dispatcher, self.product.now
        dispatcher.release_orphans(lambda run: self.runs[run].over, now)
        if dispatcher.is_run_needed(now):
            self.start(reason="dispatched")

    def leave(self, user: User, *, withdraws: bool) -> None:
        """Let somebody withdraw from the study, or unsubscribe."""
        product = self.product
        if withdraws:
            left = {"$set": {"memberships.0.until": product.now}}
            product.database["users"].update_one({"_id": user.id}, left)
        else:
            subscription = user.id.replace("usr", "sub")
            Subscriptions(product.database).close(subscription, product.now)
        product.observer.unwanted.add(user.id)
        # Whoever leaves while the mail is on its way comes too late.
        late = self._is_too_late()
        (self._left_late if late else product.provider.gone).add(user.email)

    def recall(self, study_id: str, period: str, *, lifted: bool) -> None:
        """Recall a week's reports, or let them go on."""
        product = self.product
        jobs = {
            derived_id("job", user.id.replace("usr", "sub"), period)
            for user in self.people
        }
        if lifted:
            # First, since a mail may follow at once.
            product.provider.recalled -= jobs
            self._recalled_late -= jobs
            product.pipeline.desk.recalling.lift(
                study_id, period, a_decision(), product.now
            )
            return
        product.observer.unwanted |= jobs
        product.pipeline.desk.recalling.recall(
            study_id, period, a_decision(), product.now
        )
        late = self._is_too_late()
        (self._recalled_late if late else product.provider.recalled).update(jobs)

    def pause(self, *, paused: bool) -> None:
        """Stop all mail, or let it go on."""
        product = self.product
        pausing = product.pipeline.desk.pausing
        if not paused:
            product.provider.paused = self._paused_late = False
            pausing.resume(EVERYBODY, a_decision(), product.now)
            return
        pausing.pause(EVERYBODY, a_decision(), product.now)
        if self._is_too_late():
            self._paused_late = True
        else:
            product.provider.paused = True

    def _is_too_late(self) -> bool:
        return self.product.outside.place in _TOO_LATE

    def _subscriber(self, number: int) -> User:
        database = self.product.database
        user = a_user(id=f"usr_{number}", email=f"usr_{number}@example.org")
        database["users"].insert_one(user.to_row())
        subscription = a_subscription(user, id=f"sub_{number}")
        database["subscriptions"].insert_one(subscription.to_row())
        return user


Event = Callable[[World], None]
"""Something that happens in the world."""
