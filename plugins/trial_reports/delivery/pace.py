"""How fast mail may go: one limit for all workers together."""

import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MongoDBStorage
from limits.strategies import MovingWindowRateLimiter
from pymongo import MongoClient
from pymongo.database import Database

from trial_reports.database.model import Row

_SHORTEST_WAIT = 0.05  # seconds


class Pace:
    """A moving window of a minute, shared through the product's database.

    Args:
        database: The product's database.
        per_minute: How many mails may go in any minute.
    """

    def __init__(self, database: Database[Row], per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(_Storage(database))
        self._limit = RateLimitItemPerMinute(per_minute)

    def take(self) -> float:
        """Take the right to send one mail.

        Returns:
            Zero if it was granted; otherwise after how many seconds to ask again.
        """
        if self._limiter.hit(self._limit, "mail"):
            return 0.0
        window = self._limiter.get_window_stats(self._limit, "mail")
        if window.remaining > 0:
            return _SHORTEST_WAIT  # two senders at once began the window
        # The library counts by the machine's clock, so the wait goes by it too.
        return max(_SHORTEST_WAIT, window.reset_time - time.time())


class _Storage(MongoDBStorage):
    """The library's own storage, over a client that is there already."""

    def __init__(self, database: Database[Row]) -> None:
        super().__init__(
            "mongodb://",
            database_name=database.name,
            counter_collection_name="rate_counters",
            window_collection_name="rate_windows",
        )
        self._client = database.client

    @property
    def storage(self) -> MongoClient[Row]:
        """The client; the index is made where all of them are made."""
        return self._client

    def _init_mongo_client(self, uri: str | None, **options: Any) -> MongoClient[Row]:
        raise NotImplementedError("there is a client already")

    def __del__(self) -> None:
        """Leave the client open: it is not ours, as the library takes it to be."""
