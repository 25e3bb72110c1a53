"""What a process changes outside itself, and where it can be interrupted.

The product's own code runs over these thin wrappers of real clients. They count
every change: a write to MongoDB, a message to SQS, a mail. Before or after any
of them the process can die, or pause while others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from botocore.exceptions import EndpointConnectionError
from mypy_boto3_sqs import SQSClient
from pymongo.collection import Collection
from pymongo.database import Database

from trial_reports.deadletters.letter import DeadLetter

Row = dict[str, Any]
T = TypeVar("T")

_WRITES = frozenset(
    (
        "bulk_write",
        "find_one_and_update",
        "insert_one",
        "replace_one",
        "update_many",
        "update_one",
    )
)


class Crash(BaseException):
    """The process is gone: no handler of it runs, nothing more is written."""


@dataclass(frozen=True)
class Interruption:
    """What happens ``moment`` the change number ``at`` (from 1) in a place.

    Places are collections, ``sqs`` and ``mail``; ``None`` is all of them.
    """

    place: str | None
    at: int
    moment: Literal["before", "after"]
    happens: Callable[[], None]


class Outside:
    """The only way out of the process under test.

    Attributes:
        place: Where the change that is being interrupted goes: a collection,
            ``sqs`` or ``mail``; ``None`` while nothing is being interrupted.
        interruptions: How many there have been.
    """

    def __init__(self, look: Callable[[str], None]) -> None:
        self.place: str | None = None
        self.interruptions = 0
        self._look = look
        self._armed: Interruption | None = None
        self._changes = 0

    def arm(self, interruption: Interruption | None) -> None:
        """Interrupt what is done from now on; ``None`` leaves it in peace."""
        self._armed = interruption
        self._changes = 0

    def change(self, place: str, action: Callable[[], T]) -> T:
        """Do something that others can see."""
        due = self._due(place)
        if due is not None and due.moment == "before":
            self._interrupt(place, due)
        result = action()
        self._look(place)
        if due is not None and due.moment == "after":
            self._interrupt(place, due)
        return result

    def _due(self, place: str) -> Interruption | None:
        armed = self._armed
        if armed is None or armed.place not in (None, place):
            return None
        self._changes += 1
        return armed if armed.at == self._changes else None

    def _interrupt(self, place: str, interruption: Interruption) -> None:
        # Whoever goes on meanwhile is not interrupted in turn.
        self._armed = None
        self.interruptions += 1
        self.place = place
        try:
            interruption.happens()
        finally:
            self.place = None


class WatchedDatabase:
    """A real database; every write goes through :class:`Outside`."""

    def __init__(self, database: Database[Row], outside: Outside) -> None:
        self.client = database.client
        self.name = database.name
        self._database = database
        self._outside = outside

    def __getitem__(self, name: str) -> "WatchedCollection":
        return WatchedCollection(self._database[name], self._outside)


class WatchedCollection:
    """A real collection; every write goes through :class:`Outside`."""

    def __init__(self, rows: Collection[Row], outside: Outside) -> None:
        self._rows = rows
        self._outside = outside

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever pymongo has
        method = getattr(self._rows, name)
        if name not in _WRITES:
            return method

        def write(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
            return self._outside.change(
                self._rows.name, lambda: method(*args, **options)
            )

        return write


class WatchedQueues:
    """A real SQS client that can be away.

    Attributes:
        letters: What SQS has taken.
        away: Whether SQS cannot be reached.
    """

    def __init__(self, client: SQSClient, outside: Outside) -> None:
        self.letters: list[DeadLetter] = []
        self.away = False
        self._client = client
        self._outside = outside

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever boto3 has
        return getattr(self._client, name)

    def send_message(self, **message: str) -> Any:  # noqa: ANN401 - boto3's answer
        if self.away:
            raise EndpointConnectionError(endpoint_url="sqs")
        return self._outside.change("sqs", lambda: self._send(message))

    def _send(self, message: Any) -> Any:  # noqa: ANN401 - boto3's answer
        answer = self._client.send_message(**message)
        letter = DeadLetter.model_validate_json(message["MessageBody"])
        self.letters.append(letter)
        return answer
