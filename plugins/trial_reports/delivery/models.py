"""The send ledger's row and the link's row."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from trial_reports.database.model import Value

DeliveryStatus = Literal[
    "claimed",
    "released",
    "accepted",
    "refused",
    "unknown",
    "delivered",
    "bounced",
    "dropped",
    "complained",
]
"""``claimed``: a try is sending now. ``released``: proved not sent, may be sent.
``unknown``: may or may not have been accepted, and is never sent again blindly.
``accepted`` and what follows: the provider has it."""

HANDED_OVER: tuple[DeliveryStatus, ...] = (
    "accepted",
    "delivered",
    "dropped",
    "bounced",
    "complained",
)
"""The states in which the provider has the mail, from the least to the most that
is known: a later one replaces an earlier one, whatever the order of the news."""


def replaced_by(news: DeliveryStatus) -> tuple[DeliveryStatus, ...]:
    """Return the states that give way to what the provider tells of a mail.

    Args:
        news: One of `HANDED_OVER`.
    """
    weaker = HANDED_OVER[: HANDED_OVER.index(news)]
    return ("claimed", "unknown", "released", "refused", *weaker)


class Claim(Value):
    """The try that is allowed to send, and since when."""

    attempt: str
    at: datetime


class Delivery(Value):
    """One send of a job's report to its reader.

    ``send_no`` 0 is the automatic mail; only a resend with a reason makes
    another. Unique for (job, user, send_no).
    """

    id: str = Field(alias="_id")
    job_id: str
    user_id: str
    send_no: int = 0
    status: DeliveryStatus
    claim: Claim
    provider_message_id: str | None = None
    settled_at: datetime | None = None


class Link(Value):
    """A link in a mail; ``_id`` is the SHA-256 of its token, which is nowhere.

    ``sent_to`` is the SHA-256 of the address it was mailed to: a link dies when
    its reader's address changes.
    """

    id: str = Field(alias="_id")
    job_id: str
    user_id: str
    sent_to: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    opened: tuple[datetime, ...] = ()
