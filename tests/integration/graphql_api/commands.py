"""The commands that a client sends to MongoDB, counted."""

import threading
from collections import Counter

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

_OF_THE_DRIVER = {"endSessions", "hello", "isMaster", "ping"}


class Commands(CommandListener):
    """Counts commands by their name and collection."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self.failures = 0

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in _OF_THE_DRIVER:
            return
        collection = event.command.get(event.command_name)
        with self._lock:
            self._counts[f"{event.command_name} {collection}"] += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Count nothing more."""

    def failed(self, event: CommandFailedEvent) -> None:
        del event
        with self._lock:
            self.failures += 1

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()

    @property
    def counts(self) -> dict[str, int]:
        """How often each was sent."""
        with self._lock:
            return dict(self._counts)

    @property
    def total(self) -> int:
        """How many were sent."""
        return sum(self.counts.values())
