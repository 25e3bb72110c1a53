"""Reading studies."""

from collections.abc import Iterable

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.errors import PermanentError
from trial_reports.studies.models import Study


class Studies:
    """The collection ``studies``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["studies"]

    def find(self, study_id: str) -> Study | None:
        """Return the study, or ``None`` if there is none."""
        row = self._rows.find_one({"_id": study_id})
        return Study.from_row(row) if row else None

    def find_many(self, study_ids: Iterable[str]) -> dict[str, Study]:
        """Return those of the studies that exist, by id."""
        rows = self._rows.find({"_id": {"$in": list(study_ids)}})
        return {row["_id"]: Study.from_row(row) for row in rows}

    def get(self, study_id: str) -> Study:
        """Return the study.

        Raises:
            PermanentError: There is none.
        """
        study = self.find(study_id)
        if study is None:
            raise PermanentError("study_missing", f"There is no study {study_id}.")
        return study
