"""Reading and writing runs."""

from datetime import datetime

from pymongo.database import Database

from trial_reports.access.scope import Scope
from trial_reports.access.visible import Page, VisibleRows
from trial_reports.database.model import Row
from trial_reports.runs.models import Run, Totals


class Runs:
    """The collection ``runs``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["runs"]
        self._newest_first = VisibleRows(self._rows, Run.from_row, time="plannedAt")

    def open(self, run: Run) -> Run:
        """Store a run, or return what an earlier try stored for it.

        A run that is planned again after it was closed is open again.
        """
        self._rows.update_one(
            {"_id": run.id},
            {
                "$setOnInsert": {
                    k: v
                    for k, v in run.to_row().items()
                    if k not in ("_id", "closedAt")
                },
                "$set": {"closedAt": None},
            },
            upsert=True,
        )
        return self.get(run.id)

    def find(self, run_id: str) -> Run | None:
        """Return the run, or ``None`` if it was never planned."""
        row = self._rows.find_one({"_id": run_id})
        return Run.from_row(row) if row else None

    def get(self, run_id: str) -> Run:
        """Return a run that is known to exist."""
        row = self._rows.find_one({"_id": run_id})
        return Run.from_row(row or {})

    def set_batch_size(self, run_id: str, size: int) -> int:
        """Fix the batch size, once: a repeated plan keeps the first one."""
        self._rows.update_one(
            {"_id": run_id, "batchSize": None}, {"$set": {"batchSize": size}}
        )
        return self.get(run_id).batch_size or size

    def close(self, run_id: str, totals: Totals, now: datetime) -> None:
        """Write how the run ended."""
        self._rows.update_one(
            {"_id": run_id}, {"$set": {"closedAt": now, "totals": totals.to_row()}}
        )

    def closed(self, run_ids: list[str]) -> set[str]:
        """Return those of the runs that have been closed."""
        query = {"_id": {"$in": run_ids}, "closedAt": {"$type": "date"}}
        return {row["_id"] for row in self._rows.find(query, {"_id": 1})}

    def page(self, scope: Scope, after: str | None, first: int) -> Page[Run]:
        """Return runs, those planned last first.

        A run is of no study: whoever may see them may see everything.

        Args:
            scope: Of somebody who asks.
            after: The run behind which the page begins, ``None`` for the newest.
            first: The most runs, 1 to 100.

        Raises:
            RequestError: ``cursor_unknown``: there is no run ``after``.
        """
        return self._newest_first.page(scope, {}, after, first)
