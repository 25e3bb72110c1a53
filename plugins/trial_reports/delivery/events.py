"""What becomes of a mail after it was sent: the provider's events, taken in.

Events come late, repeated and in any order. So whatever one of them changes is
changed by compare-and-set towards an end that their order does not matter to,
and an event is noted as taken only after all of that: a process that dies on
the way is asked again.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from trial_reports.audit.trail import SYSTEM, AuditTrail, Decision
from trial_reports.database.model import Row
from trial_reports.delivery.event_models import (
    EVIDENCE,
    MailEvent,
    NotedEvent,
    read_events,
)
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.settling import MailSettling
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import MailProblem, User
from trial_reports.users.repository import Users

log = logging.getLogger(__name__)

_MOST_OF_A_JOB = 200


class TakenEvents:
    """The collection ``mail_events``: ids, kinds and times of events taken in.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["mail_events"]

    def hold(self, event: MailEvent) -> bool:
        """Tell whether the event was taken in before."""
        return self._rows.find_one({"_id": event.id}, {"_id": 1}) is not None

    def add(self, event: MailEvent, now: datetime) -> None:
        """Note that the event was taken in; repeating it changes nothing."""
        noted = NotedEvent(
            id=event.id,
            job_id=event.job_id,
            send_no=event.send_no,
            event=event.event,
            hard=event.is_hard,
            smtp_class=event.smtp_class,
            at=event.at,
            taken_at=now,
        )
        try:
            self._rows.insert_one(noted.to_row())
        except DuplicateKeyError:
            log.debug("%s: somebody was faster", event.job_id)

    def of_job(self, job_id: str) -> list[NotedEvent]:
        """Return what was told of a job's mails, the oldest first."""
        rows = self._rows.find({"jobId": job_id}).sort([("at", 1), ("_id", 1)])
        return [NotedEvent.from_row(row) for row in rows.limit(_MOST_OF_A_JOB)]


@dataclass(frozen=True)
class MailEvents:
    """Takes the provider's events in."""

    taken: TakenEvents
    jobs: Jobs
    users: Users
    subscriptions: Subscriptions
    ledger: Ledger
    settling: MailSettling
    audit: AuditTrail

    def take(self, body: bytes, now: datetime) -> Counter[str]:
        """Take in all events of a request whose signature has been checked.

        Args:
            body: The request's raw body.
            now: The time of the request, UTC.

        Returns:
            How many items were ``taken``, ``repeated``, about an ``unknown_job``
            or one that is ``unreadable``, ``foreign``, ``ignored``, ``malformed``.

        Raises:
            PyMongoError: The database is away. What was taken in until then is
                noted, the rest is not.
        """
        counts: Counter[str] = Counter()
        for item in read_events(body):
            counts[item if isinstance(item, str) else self._take(item, now)] += 1
        told = " ".join(f"{outcome}={n}" for outcome, n in sorted(counts.items()))
        log.info("mail events: %s", told or "none")
        return counts

    def _take(self, event: MailEvent, now: datetime) -> str:
        if self.taken.hold(event):
            return "repeated"
        try:
            job = self.jobs.find(event.job_id)
            if job is None:
                return "unknown_job"
            self._apply(event, job, now)
        except ValidationError:
            log.error("%s: its rows cannot be read", event.job_id)  # noqa: TRY400 - a trace quotes values
            return "unreadable"
        self.taken.add(event, now)
        return "taken"

    def _apply(self, event: MailEvent, job: Job, now: datetime) -> None:
        self.ledger.learn(
            job.id, job.user_id, event.send_no, EVIDENCE[event.event], now
        )
        self.settling.settle_one(job, now)
        if event.event in {"bounce", "dropped"}:
            log.warning("%s: its mail has not arrived: %s", job.id, event.event)
        if event.unsubscribes:
            self._unsubscribe(job, now)
        user = self.users.find(job.user_id)
        if user is None or not user.has_address(event.email):
            return
        # A clock that is ahead must not outlast what happens next.
        at = min(event.at, now)
        if event.event == "delivered":
            self.users.note_mail(user, "delivered", at)
        elif event.problem is not None:
            self._stop_mail(user, event.problem, at, now)

    def _unsubscribe(self, job: Job, now: datetime) -> None:
        subscription = self.subscriptions.find(job.subscription_id)
        if subscription is None or not subscription.open:
            return
        self.subscriptions.close(subscription.id, now)
        self._note("unsubscribe", subscription.id, "mail_unsubscribed", now)

    def _stop_mail(
        self, user: User, problem: MailProblem, at: datetime, now: datetime
    ) -> None:
        self.users.note_mail(user, problem, at)
        disabled = self.subscriptions.disable_taken_before(at, user.id, problem, now)
        for subscription_id in disabled:
            self._note("disable_subscription", subscription_id, problem, now)

    def _note(self, action: str, subject: str, reason: str, now: datetime) -> None:
        decision = Decision(new_id("dec"), SYSTEM, reason)
        self.audit.record(decision, action, subject, now)
