"""One person's record in one study, and how entries get into it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from local_stack.sample_study.weeks import Weeks
from trial_reports.documents.models import Document
from trial_reports.identifiers import derived_id


class Analyte(NamedTuple):
    """What a laboratory determines, with both ends of the usual range."""

    analyte: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True)
class Chart:
    """Makes the entries of one person in one study."""

    user_id: str
    study_id: str
    weeks: Weeks
    random: Random

    def entry(
        self,
        kind: str,
        recorded_at: datetime,
        data: dict[str, Any],
        *,
        released_at: datetime | None = None,
        stored_at: datetime | None = None,
    ) -> Document:
        """Return a record.

        Args:
            kind: The kind of record, for example ``diary``.
            recorded_at: When it happened, UTC.
            data: The kind's own fields.
            released_at: When it was released to the participant, UTC.
            stored_at: When it reached the database, UTC; within an hour and a
                half unless said otherwise.
        """
        delay = timedelta(minutes=self.random.randint(1, 90))
        return Document(
            id=derived_id("doc", self.random.randbytes(16).hex()),
            study_id=self.study_id,
            user_id=self.user_id,
            kind=kind,
            recorded_at=recorded_at,
            stored_at=stored_at or recorded_at + delay,
            released_at=released_at,
            data=data,
        )

    def laboratory_value(
        self,
        analyte: Analyte,
        value: float,
        drawn_at: datetime,
        released_at: datetime | None,
    ) -> Document:
        """Return a laboratory value.

        Args:
            analyte: What was determined.
            value: In the unit of the analyte.
            drawn_at: When the blood was drawn, UTC.
            released_at: When it was released to the participant, UTC, if it was.
        """
        data = {**analyte._asdict(), "value": value}
        return self.entry("laboratory", drawn_at, data, released_at=released_at)
