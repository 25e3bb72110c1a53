"""What becomes of a mail after it was taken, and how SendGrid tells it.

The beginning of an address decides:

============== ======================================================
``bounces.…``  there is no such mailbox: a hard bounce
``blocked.…``  the server does not take this one mail: a soft bounce
``dropped.…``  SendGrid itself does not send to an address that bounced
``deferred.…`` delivered at the second try
``complains.…`` delivered, and called spam by its reader
any other      delivered
============== ======================================================
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from local_stack.mailbox.messages import Message

_ACCOUNT = 10_000_001
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_PAUSE = timedelta(seconds=1)
"""From one event of a mail to the next; SendGrid counts in whole seconds."""

_PROCESSED = ("processed", _NOTHING)
_DELIVERED = ("delivered", {"response": "250 2.0.0 OK", "ip": "192.0.2.7", "tls": 1})
_NO_MAILBOX = {
    "type": "bounce",
    "status": "5.1.1",
    "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
    "bounce_classification": "Invalid Address",
}
_NOT_THIS_ONE = {
    "type": "blocked",
    "status": "5.7.1",
    "reason": "550 5.7.1 The message was refused by the recipient's policy.",
    "bounce_classification": "Content",
}
_FATES: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {
    "bounces": (_PROCESSED, ("bounce", _NO_MAILBOX)),
    "blocked": (_PROCESSED, ("bounce", _NOT_THIS_ONE)),
    "dropped": (("dropped", {"reason": "Bounced Address", "status": "5.0.0"}),),
    "deferred": (
        _PROCESSED,
        ("deferred", {"response": "451 4.7.1 Try again later", "attempt": "1"}),
        _DELIVERED,
    ),
    "complains": (_PROCESSED, _DELIVERED, ("spamreport", _NOTHING)),
}
_USUAL = (_PROCESSED, _DELIVERED)


@dataclass(frozen=True)
class Event:
    """One event of a mail.

    Attributes:
        id: SendGrid's ``sg_event_id``, the same whenever it is told.
        kind: SendGrid's word for it.
        at: When it happens.
        message: The mail.
        details: What SendGrid tells about this kind of event.
    """

    id: str
    kind: str
    at: datetime
    message: Message = field(compare=False)
    details: Mapping[str, Any] = field(compare=False)

    def item(self) -> dict[str, Any]:
        """Return the event as SendGrid posts it."""
        message = self.message
        categories = {"category": message.categories} if message.categories else {}
        return {
            **message.custom_args,
            **categories,
            **self.details,
            "email": message.recipient,
            "event": self.kind,
            "sg_event_id": self.id,
            "sg_message_id": f"{message.request_id}.recvd-local-1-0.{_number(message)}",
            "smtp-id": f"<{message.request_id}@geopod-ismtpd-1>",
            "timestamp": int(self.at.timestamp()),
        }


def events_of(message: Message) -> list[Event]:
    """Return what happens to a mail, the first event first; the same at each call."""
    return list(_events(message))


def _events(message: Message) -> Iterator[Event]:
    fate = _FATES.get(message.recipient.lower().partition(".")[0], _USUAL)
    for number, (kind, details) in enumerate(fate):
        yield Event(
            id=_event_id(kind, message),
            kind=kind,
            at=message.received_at + number * _PAUSE,
            message=message,
            details=details,
        )


def _event_id(kind: str, message: Message) -> str:
    """Return an id of SendGrid's form: words in base64, without padding."""
    words = f"{kind}-{_ACCOUNT}-{message.request_id}-{_number(message)}"
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def _number(message: Message) -> str:
    """Return which of its request's mails it is."""
    return message.id.rpartition(".")[2]
