"""Ending a subscription from a mail, without signing in (RFC 8058).

The token can only unsubscribe, never expires, and repeating it is harmless.
"""

from datetime import datetime

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.identifiers import fingerprint, new_token


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
