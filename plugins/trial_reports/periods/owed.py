"""Which weeks a subscription is owed, and when the next one will be."""

from datetime import datetime, timedelta
from typing import Literal

from trial_reports.periods.models import ReportingPeriod
from trial_reports.settings import Schedule

_WEEK = timedelta(days=7)


def owed_periods(
    reported_through: datetime,
    as_of: datetime,
    time_zone: str,
    catch_up: Literal["latest", "all"],
) -> list[ReportingPeriod]:
    """Return the local weeks with ``reported_through < end <= as_of``, oldest first.

    Args:
        reported_through: End of the last period that was planned, UTC.
        as_of: The instant the run stands for, UTC.
        time_zone: The subscription's IANA time zone.
        catch_up: ``latest`` keeps only the last of the weeks.
    """
    owed = []
    period = _first_ending_after(reported_through, time_zone)
    while period.end <= as_of:
        owed.append(period)
        period = period.following()
    return owed[-1:] if catch_up == "latest" else owed


def next_run(
    reported_through: datetime, time_zone: str, schedule: Schedule
) -> datetime:
    """Return the first weekly tick at or after the end of the next owed week, UTC."""
    return tick_at_or_after(
        _first_ending_after(reported_through, time_zone).end, schedule
    )


def tick_at_or_after(instant: datetime, schedule: Schedule) -> datetime:
    """Return the first weekly tick at or after ``instant``, UTC."""
    tick = instant.replace(
        hour=schedule.hour, minute=schedule.minute, second=0, microsecond=0
    )
    tick += timedelta(days=(schedule.weekday - tick.weekday()) % 7)
    return tick if tick >= instant else tick + _WEEK


def last_tick(instant: datetime, schedule: Schedule) -> datetime:
    """Return the last weekly tick at or before ``instant``, UTC."""
    tick = tick_at_or_after(instant, schedule)
    return tick if tick == instant else tick - _WEEK


def _first_ending_after(instant: datetime, time_zone: str) -> ReportingPeriod:
    # A week contains its start but not its end, so the week that contains an
    # instant is the first one to end after it, also where clocks change.
    return ReportingPeriod.containing(instant, time_zone)
