"""Reading the open dead letters: how many wait, for how long, and which are meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.jobs.models import Cause, Job, Stage

_OPEN: Row = {"status": "failed", "deadLetter": {"$ne": None}}
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Selection:
    """Which open dead letters are meant: those for which everything given is true.

    ``older_than`` and ``newer_than`` count from when the job failed; ``limit``
    takes the oldest.
    """

    stage: Stage | None = None
    cause: Cause | None = None
    code: str | None = None
    older_than: timedelta | None = None
    newer_than: timedelta | None = None
    jobs: tuple[str, ...] | None = None
    study_id: str | None = None
    limit: int = 100

    def query(self, now: datetime) -> Row:
        """Return the filter for jobs.

        Args:
            now: What ages are counted from, UTC.
        """
        failed_at: Row = {}
        if self.older_than is not None:
            failed_at["$lte"] = now - self.older_than
        if self.newer_than is not None:
            failed_at["$gte"] = now - self.newer_than
        wanted: Row = {
            "_id": {"$in": list(self.jobs)} if self.jobs is not None else None,
            "studyId": self.study_id,
            "deadLetter.stage": self.stage,
            "deadLetter.cause": self.cause,
            "error.code": self.code,
            "deadLetter.failedAt": failed_at or None,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        return _OPEN | given


@dataclass(frozen=True)
class Waiting:
    """The open dead letters of one stage and cause."""

    stage: Stage
    cause: Cause
    letters: int
    oldest: datetime

    def age(self, now: datetime) -> float:
        """Return for how many hours the oldest has waited."""
        return (now - self.oldest) / _HOUR

    def describe(self, now: datetime) -> str:
        """Return it as a line for a log."""
        hours = f"{self.age(now):.1f} h"
        return f"{self.stage}/{self.cause}: {self.letters} open, the oldest for {hours}"


class OpenLetters:
    """The collection ``report_jobs``, for reading what has failed and waits."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["report_jobs"]

    def waiting(self) -> list[Waiting]:
        """Count the open letters of each stage and cause, and find the oldest."""
        # A letter from before there were causes and times is counted as well.
        cause = {"$ifNull": ["$deadLetter.cause", "bug"]}
        failed_at = {"$ifNull": ["$deadLetter.failedAt", "$updatedAt"]}
        found = self._rows.aggregate(
            [
                {"$match": _OPEN},
                {
                    "$group": {
                        "_id": {"stage": "$deadLetter.stage", "cause": cause},
                        "letters": {"$sum": 1},
                        "oldest": {"$min": failed_at},
                    }
                },
                {"$sort": {"_id.stage": 1, "_id.cause": 1}},
            ]
        )
        return [
            Waiting(
                stage=row["_id"]["stage"],
                cause=row["_id"]["cause"],
                letters=row["letters"],
                oldest=row["oldest"],
            )
            for row in found
        ]

    def find(self, selection: Selection, now: datetime) -> list[Job]:
        """Return the jobs whose letters are meant and can be redriven, oldest first.

        A letter about a mail of unknown fate cannot: a person has to decide.
        """
        query = {
            "$and": [selection.query(now), {"deadLetter.cause": {"$ne": "delivery"}}]
        }
        rows = self._rows.find(query).sort([("deadLetter.failedAt", 1), ("_id", 1)])
        return [Job.from_row(row) for row in rows.limit(selection.limit)]

    def to_decide(self, selection: Selection, now: datetime) -> int:
        """Count the letters that are meant and need a person's decision instead."""
        query = {"$and": [selection.query(now), {"deadLetter.cause": "delivery"}]}
        return self._rows.count_documents(query)

    def among(self, job_ids: Iterable[str]) -> dict[str, str | None]:
        """Return the open letter's id of each of the jobs, ``None`` without one.

        Jobs that are not in the database are left out.
        """
        wanted = {"_id": {"$in": list(job_ids)}}
        rows = self._rows.find(wanted, {"deadLetter.id": 1})
        return {row["_id"]: (row.get("deadLetter") or {}).get("id") for row in rows}
