"""The local ISO week that a report is about."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from trial_reports.database.model import Value

_WEEK = timedelta(days=7)


class ReportingPeriod(Value):
    """A week from Monday to Sunday on the calendar of a time zone.

    ``key`` is the ISO 8601 week such as ``2026-W47``; ``start`` (inclusive) and
    ``end`` (exclusive) are its bounds in UTC. A week that contains a change of
    the clocks has 167 or 169 hours.
    """

    key: str
    first_day: str
    last_day: str
    time_zone: str
    start: datetime
    end: datetime

    @classmethod
    def starting(cls, monday: date, time_zone: str) -> Self:
        """Return the week that begins on ``monday`` in ``time_zone``."""
        year, week, _ = monday.isocalendar()
        return cls(
            key=f"{year}-W{week:02}",
            first_day=monday.isoformat(),
            last_day=(monday + timedelta(days=6)).isoformat(),
            time_zone=time_zone,
            start=_midnight(monday, time_zone),
            end=_midnight(monday + _WEEK, time_zone),
        )

    @classmethod
    def containing(cls, instant: datetime, time_zone: str) -> Self:
        """Return the week of ``time_zone`` that ``instant`` falls in."""
        day = instant.astimezone(ZoneInfo(time_zone)).date()
        return cls.starting(day - timedelta(days=day.weekday()), time_zone)

    @classmethod
    def parse(cls, key: str, time_zone: str) -> Self:
        """Return the week written as ``2026-W47``.

        Args:
            key: An ISO 8601 week.
            time_zone: An IANA time zone name.

        Raises:
            ValueError: ``key`` is not an ISO week.
        """
        year, _, week = key.partition("-W")
        return cls.starting(date.fromisocalendar(int(year), int(week), 1), time_zone)

    def following(self) -> Self:
        """Return the week after this one."""
        return self.earlier(-1)

    def earlier(self, weeks: int) -> Self:
        """Return the week that lies ``weeks`` before this one."""
        monday = date.fromisoformat(self.first_day) - weeks * _WEEK
        return self.starting(monday, self.time_zone)


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
