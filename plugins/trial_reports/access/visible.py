"""Reading rows through a scope: what is outside is as if it did not exist."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pymongo.collection import Collection

from trial_reports.access.scope import Scope
from trial_reports.database.model import Row
from trial_reports.errors import RequestError

MOST_ROWS = 100
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, the newest first.

    ``next`` is the id of the row after which the next page begins, ``None`` on
    the last.
    """

    rows: list[T]
    next: str | None


@dataclass(frozen=True)
class VisibleRows(Generic[T]):
    """A collection whose rows have a time and what a scope goes by.

    Args:
        rows: The collection.
        read: Makes the value of a row.
        time: The field by which the newest row is known.
    """

    rows: Collection[Row]
    read: Callable[[Row], T]
    time: str = "createdAt"

    def find(self, scope: Scope, id_: str) -> T | None:
        """Return the row if it is in the scope; any other is as good as missing."""
        row = self.rows.find_one(scope.narrowed({"_id": id_}))
        return None if row is None else self.read(row)

    def find_many(self, scope: Scope, ids: Iterable[str]) -> dict[str, T]:
        """Return those of the rows that are in the scope, by id."""
        rows = self.rows.find(scope.narrowed({"_id": {"$in": list(ids)}}))
        return {row["_id"]: self.read(row) for row in rows}

    def page(
        self,
        scope: Scope,
        query: Row,
        after: str | None,
        first: int,
        further_steps: Sequence[Row] = (),
    ) -> Page[T]:
        """Return rows of the scope, those created last first.

        A page begins behind a row, not at a number: rows created meanwhile move
        nothing.

        Args:
            scope: Whose rows.
            query: Which of them.
            after: The row behind which the page begins, ``None`` for the newest.
            first: The most rows, at least 1; never more than 100 are returned.
            further_steps: Of an aggregation, which keep some of them.

        Raises:
            RequestError: ``cursor_unknown``: ``after`` is not in the scope.
        """
        most = max(1, min(first, MOST_ROWS))
        wanted = [query] if after is None else [query, self._older(scope, after)]
        found = self.rows.aggregate(
            [
                {"$match": scope.narrowed({"$and": wanted})},
                {"$sort": {self.time: -1, "_id": -1}},
                *further_steps,
                {"$limit": most + 1},
            ]
        ).to_list()
        shown = found[:most]
        more = len(found) > most
        return Page(
            [self.read(row) for row in shown], shown[-1]["_id"] if more else None
        )

    def _older(self, scope: Scope, after: str) -> Row:
        place = self.rows.find_one(scope.narrowed({"_id": after}), {self.time: 1})
        if place is None:
            raise RequestError("cursor_unknown", "There is no such page.")
        then = place[self.time]
        return {
            "$or": [
                {self.time: {"$lt": then}},
                {self.time: then, "_id": {"$lt": after}},
            ]
        }
