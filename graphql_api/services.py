"""What routes and resolvers work with: made once for a process, and passed on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo.database import Database

from trial_reports import clients
from trial_reports.audit.trail import AuditTrail
from trial_reports.database.model import Row
from trial_reports.delivery.events import MailEvents, TakenEvents
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.opening import ReportOpening
from trial_reports.delivery.recalls import Recalls
from trial_reports.delivery.settling import MailSettling
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.history import JobHistory
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.requesting import ReportRequesting, RequestDays
from trial_reports.jobs.transitions import Transitions
from trial_reports.settings import Schedule, Settings
from trial_reports.storage.storage import Storage
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.changing import SubscriptionChanging
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens
from trial_reports.users.repository import Users


@dataclass(frozen=True)
class Services:
    """The library, ready to use and safe to share between threads.

    All of it blocks: call it from a thread, never from the event loop.
    """

    database: Database[Row]
    users: Users
    studies: Studies
    subscriptions: Subscriptions
    unsubscribe_tokens: UnsubscribeTokens
    jobs: Jobs
    history: JobHistory
    requesting: ReportRequesting
    changing: SubscriptionChanging
    opening: ReportOpening
    mail_events: MailEvents
    schedule: Schedule
    clock: Callable[[], datetime]


def assemble(
    settings: Settings,
    database: Database[Row],
    storage: Storage,
    clock: Callable[[], datetime],
) -> Services:
    """Return the services over ready clients.

    Args:
        settings: The product's settings.
        database: The product's database.
        storage: Where the reports are.
        clock: The present time in UTC, read once for each request.
    """
    users = Users(database)
    studies = Studies(database)
    subscriptions = Subscriptions(database)
    jobs = Jobs(database)
    audit = AuditTrail(database)
    # It claims no mail here, which is all that the time-out is about.
    ledger = Ledger(database, timedelta(seconds=settings.mail.timeout_seconds))
    return Services(
        database=database,
        users=users,
        studies=studies,
        subscriptions=subscriptions,
        unsubscribe_tokens=UnsubscribeTokens(database),
        jobs=jobs,
        history=JobHistory(database),
        requesting=ReportRequesting(
            jobs, Transitions(database), RequestDays(database), audit
        ),
        changing=SubscriptionChanging(
            subscriptions,
            users,
            studies,
            Decisions(database),
            audit,
            settings.schedule,
        ),
        opening=ReportOpening(
            links=Links(database),
            recalls=Recalls(database),
            jobs=jobs,
            users=users,
            storage=storage,
            url_seconds=settings.links.url_seconds,
        ),
        mail_events=MailEvents(
            TakenEvents(database),
            jobs,
            users,
            subscriptions,
            ledger,
            MailSettling(jobs, ledger, Decisions(database), audit),
            audit,
        ),
        schedule=settings.schedule,
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
        yield assemble(settings, database, storage, lambda: datetime.now(UTC))
