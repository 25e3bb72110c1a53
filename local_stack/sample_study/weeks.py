"""The local weeks in which a person's records lie."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trial_reports.periods.models import ReportingPeriod

WEEKS = 6
"""How many weeks a history has, the report week among them."""


@dataclass(frozen=True)
class Weeks:
    """A person's calendar, counted back from the report week, which is 0."""

    last_tick: datetime
    time_zone: str

    def period(self, weeks_ago: int) -> ReportingPeriod:
        """Return the local week that lies ``weeks_ago`` before the report week."""
        current = ReportingPeriod.containing(self.last_tick, self.time_zone)
        return current.earlier(weeks_ago + 1)

    def moment(self, weeks_ago: int, weekday: int, hour: float) -> datetime:
        """Return a moment in UTC, whole minutes.

        Args:
            weeks_ago: 0 is the report week.
            weekday: 0 is Monday.
            hour: The local clock, 7.5 for half past seven. Keep to daytime:
                clocks are put forward at night.
        """
        monday = date.fromisoformat(self.period(weeks_ago).first_day)
        whole, part = divmod(round(hour * 60), 60)
        local = datetime.combine(
            monday + timedelta(days=weekday),
            time(whole, part),
            ZoneInfo(self.time_zone),
        )
        return local.astimezone(UTC)
