"""Ending a subscription from a mail, without signing in (RFC 8058).

The token can only unsubscribe, and take that back for a day. It never expires,
and repeating either is harmless.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pymongo.database import Database

from trial_reports.audit.trail import SYSTEM
from trial_reports.database.model import Row
from trial_reports.errors import RequestError
from trial_reports.identifiers import fingerprint, new_token
from trial_reports.subscriptions.changing import SubscriptionChanging


class UnsubscribeTokens:
    """The collection ``unsubscribe_tokens``; ``_id`` is the token's SHA-256."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["unsubscribe_tokens"]

    def mint(self, subscription_id: str, now: datetime) -> str:
        """Return a new token that ends the subscription."""
        token = new_token()
        self._rows.insert_one(
            {
                "_id": fingerprint(token),
                "subscriptionId": subscription_id,
                "createdAt": now,
            }
        )
        return token

    def subscription_of(self, token: str) -> str | None:
        """Return the subscription a token ends, ``None`` for an unknown token."""
        row = self._rows.find_one({"_id": fingerprint(token)})
        return row["subscriptionId"] if row else None


@dataclass(frozen=True)
class OneClick:
    """What a token can do. Neither tells whether there is such a token."""

    tokens: UnsubscribeTokens
    changing: SubscriptionChanging

    def unsubscribe(self, token: str, now: datetime) -> None:
        """End the subscription of the token, if it is still open.

        Args:
            token: Any text.
            now: The time of the request, UTC.
        """
        subscription_id = self.tokens.subscription_of(token)
        if subscription_id is None:
            return
        # Whoever was erased in the meantime is answered like everybody else.
        with suppress(RequestError):
            self.changing.change(
                subscription_id,
                status="unsubscribed",
                by=SYSTEM,
                reason="One click in a mail.",
                token=fingerprint(token),
                now=now,
            )

    def undo(self, token: str, now: datetime) -> None:
        """Take back what the token has done, for a day.

        Args:
            token: Any text.
            now: The time of the request, UTC.
        """
        subscription_id = self.tokens.subscription_of(token)
        if subscription_id is not None:
            self.changing.undo(subscription_id, fingerprint(token), now)
