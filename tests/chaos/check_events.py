"""What must be true of the provider's events when all is quiet again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from pymongo.database import Database

from local_stack.mailbox.fates import Event, events_of
from local_stack.mailbox.messages import Message
from trial_reports.database.model import Row
from trial_reports.delivery.event_models import EVIDENCE
from trial_reports.delivery.models import HANDED_OVER, Delivery
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import MailProblem, User

_PROBLEMS: dict[str, MailProblem] = {
    "bounce": "mail_bounced",
    "spamreport": "mail_complained",
}
"""Of the events that the suite's addresses lead to."""


@dataclass(frozen=True)
class News:
    """What the product has made of the events.

    Attributes:
        taken: The ids of the events that it has taken in.
        deliveries: The ledger.
        users: Everybody.
        subscriptions: All of them.
        disabled: The subscriptions that the audit trail says were disabled.
    """

    taken: Sequence[str]
    deliveries: Sequence[Delivery]
    users: Sequence[User]
    subscriptions: Sequence[ReportSubscription]
    disabled: Sequence[str]

    @classmethod
    def of(cls, database: Database[Row]) -> Self:
        """Read it from the product's database."""
        audited = database["audit_events"].find({"action": "disable_subscription"})
        subscriptions = database["subscriptions"].find()
        return cls(
            taken=[row["_id"] for row in database["mail_events"].find()],
            deliveries=[Delivery.from_row(r) for r in database["deliveries"].find()],
            users=[User.from_row(row) for row in database["users"].find()],
            subscriptions=[ReportSubscription.from_row(row) for row in subscriptions],
            disabled=[row["subject"] for row in audited],
        )


def event_violations(mails: Sequence[Message], news: News) -> list[str]:
    """Return every promise about the provider's events that was broken.

    Args:
        mails: Everything the provider has accepted, and told the events of.
        news: What the product has made of it.
    """
    events = [event for mail in mails for event in events_of(mail)]
    return [
        *_miscounted(events, news),
        *(said for mail in mails for said in _wrong_delivery(mail, news)),
        *_wrong_consequences(events, news),
    ]


def _miscounted(events: Sequence[Event], news: News) -> Iterator[str]:
    kinds, taken = {event.id: event for event in events}, Counter(news.taken)
    for event_id in sorted({*kinds, *taken}):
        expected = 1 if event_id in kinds else 0
        if taken[event_id] != expected:
            kind = kinds[event_id].kind if expected else "unheard-of"
            yield f"{kind} event {event_id}: taken in {taken[event_id]} times"
    for subscription, times in Counter(news.disabled).items():
        if times > 1:
            yield f"{subscription}: disabled {times} times"


def _wrong_delivery(mail: Message, news: News) -> Iterator[str]:
    job, number = mail.custom_args["jobId"], int(mail.custom_args["sendNo"])
    proved = max(
        (EVIDENCE[event.kind] for event in events_of(mail)), key=HANDED_OVER.index
    )
    rows = [d for d in news.deliveries if (d.job_id, d.send_no) == (job, number)]
    found = [row.status for row in rows]
    if found != [proved]:
        yield f"{job}: mail {number} is {found or 'not in the ledger'}, told {proved}"


def _wrong_consequences(events: Sequence[Event], news: News) -> Iterator[str]:
    troubled = {
        event.message.recipient: _PROBLEMS[event.kind]
        for event in events
        if event.kind in _PROBLEMS
    }
    expected = {user.id: troubled.get(user.email) for user in news.users}
    for user in news.users:
        if user.mail_problem != expected[user.id]:
            yield f"{user.id}: {user.mail_problem}, told {expected[user.id]}"
    for subscription in news.subscriptions:
        reason = expected.get(subscription.user_id)
        if subscription.disabled_reason != reason:
            yield f"{subscription.id}: {subscription.disabled_reason}, told {reason}"
