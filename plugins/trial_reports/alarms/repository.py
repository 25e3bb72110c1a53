"""Raising alarms once, and taking them back."""

import logging
from collections.abc import Iterator
from datetime import datetime

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from trial_reports.alarms.models import Alarm, AlarmCode
from trial_reports.database.model import Row
from trial_reports.identifiers import new_id

log = logging.getLogger(__name__)


class Alarms:
    """The collection ``alarms``: one open row for each code and subject."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["alarms"]

    def raise_once(
        self, code: AlarmCode, subject: str, message: str, now: datetime
    ) -> bool:
        """Raise an alarm, unless it has been and is not over.

        Args:
            code: What is wrong.
            subject: With what: an id, a stage, ``all``.
            message: One sentence for a person, free of participant data.
            now: The time of the call, UTC.

        Returns:
            Whether this call raised it.
        """
        alarm = Alarm(
            id=new_id("alm"),
            code=code,
            subject=subject,
            message=message,
            raised_at=now,
            seen_at=now,
        )
        try:
            self._rows.insert_one(alarm.to_row())
        except DuplicateKeyError:
            same = {"code": code, "subject": subject, "open": True}
            self._rows.update_one(same, {"$max": {"seenAt": now}})
            return False
        log.error("ALARM %s (%s): %s", code, subject, message)
        return True

    def end(self, code: AlarmCode, subject: str, now: datetime) -> bool:
        """Say that what was wrong is right again; ``False`` if nothing was."""
        ended = self._rows.update_one(
            {"code": code, "subject": subject, "open": True},
            {"$set": {"open": False, "overAt": now}},
        )
        if ended.modified_count:
            log.warning("ALARM over: %s (%s)", code, subject)
        return bool(ended.modified_count)

    def end_quiet(self, code: AlarmCode, before: datetime, now: datetime) -> None:
        """End the alarms of a kind that nobody has seen reason for since a time."""
        quiet = {"code": code, "open": True, "seenAt": {"$lt": before}}
        for row in self._rows.find(quiet):
            self.end(code, row["subject"], now)

    def raised(self) -> list[Alarm]:
        """Return the alarms that are not over, the oldest first."""
        return [Alarm.from_row(r) for r in self._rows.find({"open": True}).sort("_id")]

    def untold(self) -> Iterator[Alarm]:
        """Yield the alarms whose state the alarm queue does not know."""
        unknown = {
            "$or": [{"open": True, "told": None}, {"open": False, "told": "raised"}]
        }
        for row in self._rows.find(unknown).sort("raisedAt", 1):
            yield Alarm.from_row(row)

    def mark_told(self, alarm: Alarm) -> None:
        """Record that the alarm queue knows the alarm's state."""
        self._rows.update_one({"_id": alarm.id}, {"$set": {"told": alarm.state}})
