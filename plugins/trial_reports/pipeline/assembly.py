"""Putting the pipeline together: the one place that knows which part needs which."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

from pymongo.database import Database
from pymongo.errors import PyMongoError

from trial_reports.alarms.bell import Bell
from trial_reports.alarms.repository import Alarms
from trial_reports.database.model import Row
from trial_reports.deadletters.open_letters import OpenLetters
from trial_reports.deadletters.outbox import Outbox
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.deadletters.watch import LetterWatch
from trial_reports.delivery.controls import Controls
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.recalls import Recalls
from trial_reports.documents.files import FileReader
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Stage
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.aggregate import Aggregate
from trial_reports.pipeline.artifacts import Artifacts
from trial_reports.pipeline.close import RunCloser
from trial_reports.pipeline.desk import OperatorsDesk
from trial_reports.pipeline.dispatch import Dispatcher
from trial_reports.pipeline.fetch import Fetch
from trial_reports.pipeline.plan import Planner
from trial_reports.pipeline.render import Render
from trial_reports.pipeline.stage import StageRunner, Work
from trial_reports.pipeline.watch import AlarmWatch
from trial_reports.reports.renderer import Renderer
from trial_reports.runs.repository import Runs
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens
from trial_reports.users.repository import Users

log = logging.getLogger(__name__)

_CLAIM_GRACE = timedelta(seconds=60)
"""How much longer than the provider's time-out a sender may be alive."""


class ReportPipeline:
    """The pipeline's parts over ready clients.

    Args:
        settings: The product's settings.
        database: The product's database.
        storage: The object store.
        queues: The dead-letter queues.
        clock: Returns the current time, UTC.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database[Row],
        storage: Storage,
        queues: DeadLetterQueues,
        clock: Callable[[], datetime],
    ) -> None:
        self.clock = clock
        self.settings = settings
        self._database = database
        self._storage = storage
        self._artifacts = Artifacts(storage, settings.storage.work_uri)
        self._users = Users(database)
        self._subscriptions = Subscriptions(database)
        send_timeout = timedelta(seconds=settings.mail.timeout_seconds) + _CLAIM_GRACE
        self._ledger = Ledger(database, send_timeout)
        self.jobs = Jobs(database)
        self.transitions = Transitions(database)
        self.decisions = Decisions(database)
        self.alarms = Alarms(database)
        self.runs = Runs(database)
        self.outbox = Outbox(self.jobs, self.transitions, queues)
        self.open_letters = OpenLetters(database)
        self.bell = Bell(queues.client, queues.prefix, self.alarms)
        self.runner = StageRunner(self.jobs, self.transitions, clock)

    @cached_property
    def planner(self) -> Planner:
        """Plans runs."""
        return Planner(
            subscriptions=self._subscriptions,
            jobs=self.jobs,
            transitions=self.transitions,
            decisions=self.decisions,
            runs=self.runs,
            schedule=self.settings.schedule,
            limits=self.settings.pipeline,
        )

    @cached_property
    def closer(self) -> RunCloser:
        """Closes runs."""
        return RunCloser(
            jobs=self.jobs,
            ledger=self._ledger,
            transitions=self.transitions,
            decisions=self.decisions,
            runs=self.runs,
            outbox=self.outbox,
            alarms=self.alarms,
            max_failed_share=self.settings.pipeline.max_failed_share,
        )

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Finds work that has no run."""
        return Dispatcher(
            subscriptions=self._subscriptions,
            jobs=self.jobs,
            transitions=self.transitions,
            outbox=self.outbox,
            max_releases=self.settings.pipeline.max_releases,
        )

    @cached_property
    def desk(self) -> OperatorsDesk:
        """Where operators decide."""
        return OperatorsDesk(self._database, self._ledger, self.outbox.queues)

    @cached_property
    def letter_watch(self) -> LetterWatch:
        """Watches over the open dead letters."""
        return LetterWatch(
            self.open_letters,
            self.alarms,
            timedelta(hours=self.settings.dead_letters.alarm_hours),
        )

    @cached_property
    def alarm_watch(self) -> AlarmWatch:
        """Looks whether alarms are still true."""
        return AlarmWatch(
            subscriptions=self._subscriptions,
            jobs=self.jobs,
            controls=Controls(self._database),
            alarms=self.alarms,
            patience=timedelta(hours=self.settings.pipeline.late_hours),
        )

    def tell(self) -> None:
        """Send the dead letters and alarms that wait to be sent.

        What cannot be told now does not fail the caller: the next one tells.
        """
        try:
            self.outbox.send_unsent(self.clock())
            self.bell.ring()
        except PyMongoError as away:
            log.warning("Nothing could be told: %s", type(away).__name__)

    def work(self, stage: Stage) -> Work:
        """Return a stage; only its own packages are imported."""
        stages: dict[Stage, Callable[[], Work]] = {
            "fetch": self._fetch,
            "aggregate": lambda: Aggregate(self._artifacts),
            "render": self._render,
            "email": self._send,
        }
        return stages[stage]()

    def _fetch(self) -> Work:
        limits = self.settings.limits
        return Fetch(
            database=self._database,
            users=self._users,
            studies=Studies(self._database),
            subscriptions=self._subscriptions,
            jobs=self.jobs,
            files=FileReader(self._storage, limits),
            artifacts=self._artifacts,
            limits=limits,
            clock=self.clock,
        )

    def _render(self) -> Work:
        settings = self.settings
        return Render(
            artifacts=self._artifacts,
            reports=Artifacts(self._storage, settings.storage.reports_uri),
            storage=self._storage,
            renderer=Renderer(
                settings.templates, settings.rendering, settings.limits.image_pixels
            ),
            limits=settings.limits,
            clock=self.clock,
        )

    def _send(self) -> Work:
        from trial_reports.delivery.clients import mailer  # noqa: PLC0415 - SendGrid
        from trial_reports.delivery.gate import (  # noqa: PLC0415 - limits
            DeliveryGate,
        )
        from trial_reports.delivery.message import (  # noqa: PLC0415 - Jinja
            MessageWriter,
        )
        from trial_reports.delivery.pace import Pace  # noqa: PLC0415 - limits
        from trial_reports.pipeline.send import Send  # noqa: PLC0415 - all of them

        settings = self.settings
        return Send(
            users=self._users,
            subscriptions=self._subscriptions,
            recalls=Recalls(self._database),
            ledger=self._ledger,
            gate=DeliveryGate(
                controls=Controls(self._database),
                pace=Pace(self._database, settings.mail.per_minute),
                alarms=self.alarms,
                settings=settings.mail,
                clock=self.clock,
                sleep=time.sleep,
            ),
            links=Links(self._database),
            unsubscribe_tokens=UnsubscribeTokens(self._database),
            mailer=mailer(settings),
            writer=MessageWriter(settings.templates, settings.mail),
            settings=settings.links,
            clock=self.clock,
        )
