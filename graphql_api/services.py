"""What routes and resolvers work with: made once for a process, and passed on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pymongo.database import Database

from trial_reports import clients
from trial_reports.access.door import Door
from trial_reports.audit.idempotency import IdempotencyKeys
from trial_reports.audit.trail import AuditTrail
from trial_reports.database.model import Row
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.controls import Controls
from trial_reports.delivery.events import MailEvents, TakenEvents
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.opening import ReportOpening
from trial_reports.delivery.recalls import Recalls
from trial_reports.explaining.reading import DeliveryExplaining
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.history import JobHistory
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.requesting import ReportRequesting, RequestDays
from trial_reports.jobs.rerunning import JobRerunning
from trial_reports.jobs.transitions import Transitions
from trial_reports.jobs.visible import VisibleJobs
from trial_reports.pipeline.desk import OperatorsDesk
from trial_reports.runs.repository import Runs
from trial_reports.settings import Schedule, Settings
from trial_reports.storage.storage import Storage
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.changing import SubscriptionChanging
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens
from trial_reports.subscriptions.visible import VisibleSubscriptions
from trial_reports.users.repository import Users


@dataclass(frozen=True)
class Services:
    """The library, ready to use and safe to share between threads.

    All of it blocks: call it from a thread, never from the event loop.
    """

    database: Database[Row]
    door: Door
    users: Users
    studies: Studies
    subscriptions: Subscriptions
    visible_subscriptions: VisibleSubscriptions
    unsubscribe_tokens: UnsubscribeTokens
    visible_jobs: VisibleJobs
    history: JobHistory
    runs: Runs
    ledger: Ledger
    requesting: ReportRequesting
    explaining: DeliveryExplaining
    changing: SubscriptionChanging
    opening: ReportOpening
    rerunning: JobRerunning
    desk: OperatorsDesk
    idempotency_keys: IdempotencyKeys
    mail_events: MailEvents
    schedule: Schedule
    airflow_url: str | None
    clock: Callable[[], datetime]

    def airflow_run_url(self, run_id: str) -> str | None:
        """Return where operators see a weekly run, if that is known."""
        if self.airflow_url is None:
            return None
        base = self.airflow_url.rstrip("/")
        return f"{base}/dags/weekly_reports/runs/{quote(run_id, safe='')}"


def assemble(
    settings: Settings,
    database: Database[Row],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Callable[[], datetime],
) -> Services:
    """Return the services over ready clients.

    Args:
        settings: The product's settings.
        database: The product's database.
        storage: Where the reports are.
        queues: The dead-letter queues.
        clock: The present time in UTC, read once for each request.
    """
    users, studies = Users(database), Studies(database)
    jobs, visible_jobs = Jobs(database), VisibleJobs(database)
    subscriptions = Subscriptions(database)
    visible_subscriptions = VisibleSubscriptions(database)
    audit, decisions = AuditTrail(database), Decisions(database)
    links, recalls = Links(database), Recalls(database)
    runs, taken = Runs(database), TakenEvents(database)
    # It claims no mail here, which is all that the time-out is about.
    ledger = Ledger(database, timedelta(seconds=settings.mail.timeout_seconds))
    desk = OperatorsDesk(database, ledger, queues)
    return Services(
        database=database,
        door=Door(visible_jobs, visible_subscriptions, studies, audit),
        users=users,
        studies=studies,
        subscriptions=subscriptions,
        visible_subscriptions=visible_subscriptions,
        unsubscribe_tokens=UnsubscribeTokens(database),
        visible_jobs=visible_jobs,
        history=JobHistory(database),
        runs=runs,
        ledger=ledger,
        requesting=ReportRequesting(
            jobs, Transitions(database), RequestDays(database), audit
        ),
        explaining=DeliveryExplaining(
            users,
            jobs,
            runs,
            ledger,
            taken,
            links,
            Controls(database),
            recalls,
            audit,
            settings.schedule,
        ),
        changing=SubscriptionChanging(
            subscriptions, users, studies, decisions, audit, settings.schedule
        ),
        opening=ReportOpening(
            links=links,
            recalls=recalls,
            jobs=jobs,
            users=users,
            storage=storage,
            audit=audit,
            url_seconds=settings.links.url_seconds,
        ),
        rerunning=JobRerunning(decisions, audit),
        desk=desk,
        idempotency_keys=IdempotencyKeys(database),
        mail_events=MailEvents(
            taken,
            jobs,
            users,
            subscriptions,
            ledger,
            desk.settling,
            audit,
        ),
        schedule=settings.schedule,
        airflow_url=settings.api.airflow_url,
        clock=clock,
    )


@contextmanager
def connected(settings: Settings) -> Iterator[Services]:
    """Make the clients that the settings ask for, and close them after use.

    Args:
        settings: The product's settings.

    Yields:
        The services; nothing is connected before the first use.

    Raises:
        ConfigurationError: An address of the storage cannot be used.
    """
    with ExitStack() as open_clients:
        database = clients.mongo_database(settings)
        open_clients.callback(database.client.close)
        s3 = None
        if settings.storage.reports_uri.startswith("s3://"):
            s3 = open_clients.enter_context(closing(clients.s3_client(settings)))
        storage = clients.storage(settings, s3)
        sqs = open_clients.enter_context(closing(clients.sqs_client(settings)))
        queues = DeadLetterQueues(sqs, settings.dead_letters.queue_prefix)
        yield assemble(settings, database, storage, queues, lambda: datetime.now(UTC))
