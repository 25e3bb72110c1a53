"""The events that the webhook is still to be told."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Lock

from local_stack.mailbox.fates import Event, events_of
from local_stack.mailbox.messages import Message

_MOST_EVENTS = 50
"""In one request; SendGrid fills one up to 768 KB."""


class EventQueue:
    """The events of mails, from when they are taken until they have been told.

    Args:
        path: Where the ids of told events are noted, so that a process that is
            killed goes on with the others. Whoever is killed before noting tells
            twice, as SendGrid does.
        messages: What an earlier process has taken.
    """

    def __init__(self, path: Path, messages: Iterable[Message]) -> None:
        self._path = path
        self._told = set(path.read_text().split()) if path.exists() else set[str]()
        self._known: dict[str, Event] = {}
        self._waiting: list[Event] = []
        self._held = False
        self._lock = Lock()
        for message in messages:
            self.expect(message)

    def expect(self, message: Message) -> None:
        """Have a mail's events told, each when its time has come."""
        with self._lock:
            events = events_of(message)
            self._known |= {event.id: event for event in events}
            self._waiting += [e for e in events if e.id not in self._told]

    def next_batch(self, now: datetime) -> list[Event]:
        """Return events that are due; none while they are held back."""
        with self._lock:
            due = [event for event in self._waiting if event.at <= now]
            return [] if self._held else due[:_MOST_EVENTS]

    def note_told(self, batch: Iterable[Event]) -> None:
        """Note that the webhook has taken a batch."""
        with self._lock:
            for event in batch:
                if event in self._waiting:
                    self._waiting.remove(event)
            new = {event.id for event in batch} - self._told
            with self._path.open("a") as notes:
                notes.writelines(f"{event_id}\n" for event_id in sorted(new))
            self._told |= new

    def hold(self) -> None:
        """Tell nothing for now."""
        with self._lock:
            self._held = True

    def release(self) -> None:
        """Go on telling."""
        with self._lock:
            self._held = False

    def shuffle(self, seed: int, copies: int) -> None:
        """Tell every event, old ones too, several times in random order; go on.

        Args:
            seed: Where the order comes from.
            copies: How often each is told from now on.
        """
        with self._lock:
            self._waiting = list(self._known.values()) * copies
            Random(seed).shuffle(self._waiting)  # noqa: S311 - guards nothing
            self._held = False

    def has_told(self, event: Event) -> bool:
        """Tell whether the webhook has taken an event."""
        return event.id in self._told

    def waiting(self) -> int:
        """Return how many are still to be told."""
        with self._lock:
            return len(self._waiting)

    def clear(self) -> None:
        """Forget everything, with the mails that are thrown away."""
        with self._lock:
            self._known, self._waiting, self._told = {}, [], set()
            self._held = False
            self._path.unlink(missing_ok=True)
