"""Reading a participant's records and files, a page at a time."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from pymongo.collection import Collection
from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.documents.models import Document, File
from trial_reports.studies.models import ParticipantReport

log = logging.getLogger(__name__)

Read = TypeVar("Read", Document, File)

_PAGE = 500
_SHOWN = ("studyId", "userId", "kind", "recordedAt", "storedAt", "releasedAt")
_FIELD = re.compile(r"[^$.\0][^.\0]*")
"""What MongoDB can select: a dot would be a path, a dollar an operator."""


class Documents:
    """The collections ``documents`` and ``files`` of one participant in one study.

    The study's allow-list and the participant are constructor arguments, so a
    query cannot forget them: kinds that are not listed are never read, fields
    that are not listed never leave the database.

    Args:
        database: The product's database.
        study_id: The study.
        user_id: The participant.
        allowed: What the study lists for its participants.
        cut_off: The report's data cut-off, UTC: what is to be released later
            is not released.

    Attributes:
        unreadable_documents: Ids of rows found so far that are not complete
            enough to be read; they cost nobody the rest of the report.
        unreadable_files: The same for files.
    """

    def __init__(
        self,
        database: Database[Row],
        study_id: str,
        user_id: str,
        allowed: ParticipantReport,
        cut_off: datetime,
    ) -> None:
        self._documents = database["documents"]
        self._files = database["files"]
        self._owner = {"studyId": study_id, "userId": user_id}
        self._kinds = allowed.kinds
        self._cut_off = cut_off
        self.unreadable_documents: set[str] = set()
        self.unreadable_files: set[str] = set()

    def recorded(self, start: datetime, end: datetime) -> Iterator[Document]:
        """Yield what was recorded from ``start`` until before ``end``, oldest first.

        Records that need a release and have none are not among them.
        """
        when = {"recordedAt": {"$gte": start, "$lt": end}}
        yield from self._find_documents(self._free, self._released, when)

    def added(self, recorded_before: datetime, after: datetime) -> Iterator[Document]:
        """Yield older records that could not be in the previous report, oldest first.

        Args:
            recorded_before: The start of this report's window.
            after: The previous report's data cut-off. Since then, and until
                this report's, the record was stored late or released at last.
        """
        since = {"$gt": after, "$lte": self._cut_off}
        late = {"storedAt": since}
        yield from self._find_documents(
            {**self._free, **late},
            {**self._released, "$or": [late, {"releasedAt": since}]},
            {"recordedAt": {"$lt": recorded_before}},
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
            query["releasedAt"] = {"$lte": self._cut_off}
        hidden = {"name": 0} | ({} if "caption" in rule.fields else {"caption": 0})
        for row in _pages(self._files, query, hidden):
            yield from _readable(File, row, self.unreadable_files)

    @property
    def _free(self) -> Row:
        kinds = [k for k, rule in self._kinds.items() if not rule.needs_release]
        return {"kind": {"$in": kinds}}

    @property
    def _released(self) -> Row:
        kinds = [k for k, rule in self._kinds.items() if rule.needs_release]
        return {"kind": {"$in": kinds}, "releasedAt": {"$lte": self._cut_off}}

    def _find_documents(
        self, free: Row, released: Row, when: Row
    ) -> Iterator[Document]:
        # What arrives while we read is the next report's.
        arrived = {"storedAt": {"$not": {"$gt": self._cut_off}}}
        query = {**self._owner, **when, **arrived, "$or": [free, released]}
        listed = {f for rule in self._kinds.values() for f in rule.fields}
        wanted = {f"data.{f}": 1 for f in listed if _FIELD.fullmatch(f)}
        shown = dict.fromkeys(_SHOWN, 1)
        for row in _pages(self._documents, query, shown | wanted):
            document = {**row, "data": self._listed_data(row)}
            yield from _readable(Document, document, self.unreadable_documents)

    def _listed_data(self, row: Row) -> Row:
        data = row.get("data")
        if not isinstance(data, dict):
            return {}
        listed = self._kinds[row["kind"]].fields
        return {field: value for field, value in data.items() if field in listed}


def _readable(model: type[Read], row: Row, unreadable: set[str]) -> Iterator[Read]:
    try:
        yield model.from_row(row)
    except ValidationError:
        log.warning("%s: cannot be read and is left out", row["_id"])
        unreadable.add(str(row["_id"]))


def _pages(
    rows: Collection[Row], query: dict[str, Any], projection: dict[str, int]
) -> Iterator[Row]:
    found = rows.find(query, projection).sort([("recordedAt", 1), ("_id", 1)])
    yield from found.batch_size(_PAGE)
