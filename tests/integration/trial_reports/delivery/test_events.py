"""What the provider tells of our mails settles, stops or changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON as NOW
from tests.builders import a_job, a_subscription, a_user
from tests.signed_events import an_event, as_body
from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.events import MailEvents, TakenEvents
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.settling import MailSettling
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Failure, Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User
from trial_reports.users.repository import Users

Rows = Database[dict[str, Any]]
CANARY = "Canary.Person@example.org"
Tell = Callable[..., None]


@pytest.fixture
def tell(database: Rows) -> Tell:
    """Tell of events, all in one request."""
    jobs, ledger, audit = Jobs(database), _ledger(database), AuditTrail(database)
    events = MailEvents(
        TakenEvents(database),
        jobs,
        Users(database),
        Subscriptions(database),
        ledger,
        MailSettling(jobs, ledger, Decisions(database), audit),
        audit,
    )

    def take(*told: object) -> None:
        events.take(as_body(*told), NOW)

    return take


@pytest.fixture
def reader(database: Rows) -> User:
    user = a_user(email=CANARY)
    database["users"].insert_one(user.to_row())
    return user


@pytest.fixture
def subscription(database: Rows, reader: User) -> ReportSubscription:
    return Subscriptions(database).add(a_subscription(reader))


@pytest.fixture
def job(database: Rows, reader: User, subscription: ReportSubscription) -> Job:
    """A job whose mail is being sent."""
    job = a_job(user_id=reader.id, subscription_id=subscription.id)
    Transitions(database).create([job])
    _ledger(database).claim(job.id, job.user_id, NOW)
    return job


def _ledger(database: Rows) -> Ledger:
    return Ledger(database, timedelta(minutes=1))


def _mail(database: Rows, job: Job) -> str:
    found = _ledger(database).find(job.id, job.user_id)
    assert found is not None
    return found.status


def _state(database: Rows, subscription: ReportSubscription) -> tuple[str, str | None]:
    found = Subscriptions(database).find(subscription.id)
    assert found is not None
    return found.status, found.disabled_reason


def _problem(database: Rows, reader: User) -> str | None:
    return Users(database).get(reader.id).mail_problem


def _hard_bounce(job: Job, **changes: Any) -> dict[str, Any]:
    return an_event("bounce", job, CANARY, type="bounce", status="5.1.1", **changes)


def test_a_mail_that_nobody_knew_of_is_settled_at_once(
    tell: Tell, database: Rows, job: Job
) -> None:
    ledger, transitions = _ledger(database), Transitions(database)
    mail = ledger.find(job.id, job.user_id)
    assert mail is not None
    ledger.lose_sight(mail, NOW)
    why = Failure(code=DELIVERY_UNKNOWN, message="Nobody knows.", cause="delivery")
    transitions.give_up(job, "email", why, NOW)

    tell(an_event("processed", job, CANARY))

    row = database["report_jobs"].find_one({"_id": job.id})
    assert row is not None
    assert (row["status"], row["deadLetter"]) == ("completed", None)
    assert _mail(database, job) == "accepted"


def test_an_event_may_come_before_our_own_answer(
    tell: Tell, database: Rows, job: Job
) -> None:
    tell(an_event("delivered", job, CANARY), an_event("processed", job, CANARY))

    assert _mail(database, job) == "delivered"


@pytest.mark.parametrize(
    ("event", "changes", "reason"),
    [
        ("bounce", {"type": "bounce"}, "mail_bounced"),
        ("dropped", {"reason": "Bounced Address"}, "mail_bounced"),
        ("dropped", {"reason": "Invalid"}, "mail_bounced"),
        ("spamreport", {}, "mail_complained"),
    ],
)
def test_an_address_that_takes_no_mail_gets_no_more_and_the_person_can_see_why(
    tell: Tell,
    database: Rows,
    reader: User,
    subscription: ReportSubscription,
    job: Job,
    event: str,
    changes: dict[str, Any],
    reason: str,
) -> None:
    told = an_event(event, job, CANARY.lower(), **changes)
    tell(told, told)
    tell(told | {"sg_event_id": "another"})

    assert _state(database, subscription) == ("disabled", reason)
    assert _problem(database, reader) == reason
    (audited,) = AuditTrail(database).about(subscription.id)
    assert (audited.actor, audited.reason) == ("system", reason)


def test_a_full_mailbox_or_a_busy_server_stops_nothing(
    tell: Tell,
    database: Rows,
    reader: User,
    subscription: ReportSubscription,
    job: Job,
) -> None:
    tell(
        an_event("deferred", job, CANARY),
        an_event("bounce", job, CANARY, type="blocked"),
    )

    assert _mail(database, job) == "bounced"
    assert _state(database, subscription) == ("active", None)
    assert _problem(database, reader) is None


def test_a_bounce_of_a_former_address_is_nothing_against_the_present_one(
    tell: Tell,
    database: Rows,
    reader: User,
    subscription: ReportSubscription,
    job: Job,
) -> None:
    database["users"].update_one({"_id": reader.id}, {"$set": {"email": "b@c.org"}})

    tell(_hard_bounce(job))

    assert _mail(database, job) == "bounced"
    assert _state(database, subscription) == ("active", None)
    assert _problem(database, reader) is None


def test_a_new_address_has_no_problem(
    tell: Tell, database: Rows, reader: User, job: Job
) -> None:
    tell(_hard_bounce(job))
    database["users"].update_one({"_id": reader.id}, {"$set": {"email": "b@c.org"}})

    assert _problem(database, reader) is None


def test_a_later_delivery_ends_the_problem_and_an_earlier_one_does_not(
    tell: Tell, database: Rows, reader: User, job: Job
) -> None:
    at = int(NOW.timestamp())
    tell(_hard_bounce(job, timestamp=at - 60))
    tell(an_event("delivered", job, CANARY, timestamp=at - 90))
    assert _problem(database, reader) == "mail_bounced"

    tell(an_event("delivered", job, CANARY, timestamp=at - 30))
    assert _problem(database, reader) is None


def test_a_late_event_does_not_stop_what_was_subscribed_to_since(
    tell: Tell, database: Rows, reader: User, subscription: ReportSubscription, job: Job
) -> None:
    subscriptions = Subscriptions(database)
    subscriptions.close(subscription.id, NOW)
    newer = subscriptions.add(a_subscription(reader, created_at=NOW))

    tell(_hard_bounce(job, timestamp=int(NOW.timestamp()) - 60))

    assert _state(database, newer) == ("active", None)


@pytest.mark.parametrize(
    ("event", "changes"),
    [("unsubscribe", {}), ("dropped", {"reason": "Unsubscribed Address"})],
)
def test_who_unsubscribes_at_the_provider_is_unsubscribed(
    tell: Tell,
    database: Rows,
    subscription: ReportSubscription,
    job: Job,
    event: str,
    changes: dict[str, Any],
) -> None:
    told = an_event(event, job, CANARY, **changes)
    tell(told, told)
    tell(told | {"sg_event_id": "another"})

    assert _state(database, subscription) == ("unsubscribed", None)
    assert len(AuditTrail(database).about(subscription.id)) == 1
