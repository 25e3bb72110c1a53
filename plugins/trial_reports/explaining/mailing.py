"""What became of a report's mails: our ledger, and what the provider told."""

from collections.abc import Iterator

from trial_reports.delivery.event_models import NotedEvent
from trial_reports.delivery.models import HANDED_OVER, Delivery, DeliveryStatus
from trial_reports.explaining import wording
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.models import OperatorDetail, Step, StepCode

_LEDGER: dict[DeliveryStatus, tuple[StepCode, str]] = {
    "claimed": ("mail_claimed", "is being handed to the mail provider"),
    "released": ("mail_released", "was not taken by the mail provider; it goes later"),
    "refused": ("mail_refused", "was refused by the mail provider"),
    "unknown": (
        "mail_unknown",
        "may or may not have been taken; it is not sent again by itself",
    ),
}
_NEWS: dict[DeliveryStatus, tuple[StepCode, str]] = {
    "delivered": ("mail_delivered", "Your mail service took the mail."),
    "dropped": (
        "mail_dropped",
        "The mail provider did not send the mail: it sends none to your address.",
    ),
    "bounced": (
        "mail_bounced",
        "The mail provider told us that your address does not take mail.",
    ),
    "complained": ("mail_complained", "The mail was reported as spam."),
}
_BOUNCED_SOFTLY = "The mail provider told us that the mail was turned away this time."
_DEFERRED = "Your mail service asked the mail provider to come again later."
_STATUS_OF_EVENT: dict[str, DeliveryStatus] = {
    "delivered": "delivered",
    "dropped": "dropped",
    "bounce": "bounced",
    "spamreport": "complained",
}


def what_became_of_mails(facts: DeliveryFacts) -> Iterator[Step]:
    """Yield what happened to each of the job's mails, in no particular order."""
    for delivery in facts.deliveries:
        events = [e for e in facts.events if e.send_no == delivery.send_no]
        yield _ours(delivery, facts.zone)
        yield from _told(delivery, events)


def _ours(delivery: Delivery, zone: str) -> Step:
    mail = "The mail" if delivery.send_no == 0 else "The repeated mail"
    claimed = delivery.claim.at
    if delivery.status in HANDED_OVER:
        # The claim is the sending; what settled it may be the provider's late word.
        told = wording.on(f"{mail} was handed to the mail provider.", claimed, zone)
        return Step("mail_accepted", claimed, told, _detail(delivery))
    code, what = _LEDGER[delivery.status]
    # A claim that is taken again still holds when an earlier one was settled.
    is_open = delivery.status in ("claimed", "released")
    at = claimed if is_open else delivery.settled_at or claimed
    return Step(code, at, f"{mail} {what}.", _detail(delivery))


def _told(delivery: Delivery, events: list[NotedEvent]) -> Iterator[Step]:
    """Yield the provider's news, the first of each kind."""
    first: dict[str, NotedEvent] = {}
    for event in events:
        first.setdefault(event.event, event)
    for event in first.values():
        if event.event == "deferred":
            yield Step("mail_deferred", event.at, _DEFERRED, _detail(delivery))
        elif (status := _STATUS_OF_EVENT.get(event.event)) is not None:
            code, told = _NEWS[status]
            if status == "bounced" and not event.hard:
                told = _BOUNCED_SOFTLY
            yield Step(code, event.at, told, _detail(delivery))
    is_told = any(_STATUS_OF_EVENT.get(kind) == delivery.status for kind in first)
    if delivery.status in _NEWS and not is_told:
        # Its event is noted last of all, or was forgotten: the ledger knows it.
        code, told = _NEWS[delivery.status]
        at = delivery.settled_at or delivery.claim.at
        yield Step(code, at, told, _detail(delivery))


def _detail(delivery: Delivery) -> OperatorDetail:
    return OperatorDetail(
        stage="email",
        delivery_status=delivery.status,
        send_no=delivery.send_no,
        claimed_at=delivery.claim.at,
        provider_message_id=delivery.provider_message_id,
    )
