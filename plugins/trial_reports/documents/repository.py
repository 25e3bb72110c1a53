"""Reading a participant's records and files, a page at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.documents.models import Document, File
from trial_reports.studies.models import ParticipantReport

_PAGE = 500
_SHOWN = ("studyId", "userId", "kind", "recordedAt", "storedAt", "releasedAt")


class Documents:
    """The collections ``documents`` and ``files`` of one participant in one study.

    The study's allow-list and the participant are constructor arguments, so a
    query cannot forget them: kinds that are not listed are never read, fields
    that are not listed never leave the database.
    """

    def __init__(
        self,
        database: Database[Row],
        study_id: str,
        user_id: str,
        allowed: ParticipantReport,
    ) -> None:
        self._documents = database["documents"]
        self._files = database["files"]
        self._owner = {"studyId": study_id, "userId": user_id}
        self._kinds = allowed.kinds

    def recorded(self, start: datetime, end: datetime) -> Iterator[Document]:
        """Yield what was recorded from ``start`` until before ``end``, oldest first.

        Records that need a release and have none are not among them.
        """
        yield from self._find_documents({"recordedAt": {"$gte": start, "$lt": end}})

    def added(
        self, recorded_before: datetime, after: datetime, until: datetime
    ) -> Iterator[Document]:
        """Yield older records that could not be in the previous report, oldest first.

        Args:
            recorded_before: The start of this report's window.
            after: The previous report's data cut-off.
            until: This report's data cut-off. Between the two the record was
                stored late, or released at last.
        """
        since = {"$gt": after, "$lte": until}
        yield from self._find_documents(
            {
                "recordedAt": {"$lt": recorded_before},
                "$and": [{"$or": [{"storedAt": since}, {"releasedAt": since}]}],
            }
        )

    def files(self, start: datetime, end: datetime) -> Iterator[File]:
        """Yield the files recorded from ``start`` until ``end``, oldest first."""
        rule = self._kinds.get("file")
        if rule is None:
            return
        query: dict[str, Any] = {
            **self._owner,
            "recordedAt": {"$gte": start, "$lt": end},
        }
        if rule.needs_release:
            query["releasedAt"] = {"$type": "date"}
        hidden = {"name": 0} | ({} if "caption" in rule.fields else {"caption": 0})
        for row in _pages(self._files, query, hidden):
            yield File.from_row(row)

    def _find_documents(self, when: dict[str, Any]) -> Iterator[Document]:
        held = [k for k, rule in self._kinds.items() if rule.needs_release]
        free = [k for k, rule in self._kinds.items() if not rule.needs_release]
        released = {"kind": {"$in": held}, "releasedAt": {"$type": "date"}}
        query = {
            **self._owner,
            **when,
            "$or": [{"kind": {"$in": free}}, released],
        }
        wanted = {f"data.{f}": 1 for rule in self._kinds.values() for f in rule.fields}
        shown = dict.fromkeys(_SHOWN, 1)
        for row in _pages(self._documents, query, shown | wanted):
            listed = self._kinds[row["kind"]].fields
            data = {k: v for k, v in row.get("data", {}).items() if k in listed}
            yield Document.from_row({**row, "data": data})


def _pages(
    rows: Collection[Row], query: dict[str, Any], projection: dict[str, int]
) -> Iterator[Row]:
    found = rows.find(query, projection).sort([("recordedAt", 1), ("_id", 1)])
    yield from found.batch_size(_PAGE)
