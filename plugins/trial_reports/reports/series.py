"""Measurements as series over time, and how this week compares."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from trial_reports.periods.models import ReportingPeriod
from trial_reports.reports.content import (
    DaySummary,
    Position,
    Range,
    Reading,
    Series,
    Week,
)
from trial_reports.reports.fetched import FetchedRecord
from trial_reports.reports.values import as_number, line, local, number

EARLIER_WEEKS = 8
_MOST_DECIMALS = 3
_MOST_SINGLE_READINGS = 21


def build_series(
    records: Iterable[FetchedRecord],
    earlier: Iterable[FetchedRecord],
    period: ReportingPeriod,
    *,
    named_by: str,
) -> tuple[Series, ...]:
    """Return one series for each measurement and unit, in order of their names.

    A measurement that was taken earlier but not in this report has no series:
    there is nothing to report about it.

    Args:
        records: The measurements of this report, oldest first.
        earlier: Those of the weeks before.
        period: The reported week.
        named_by: The field that holds the name: ``measurement`` or ``analyte``.
    """
    zone = ZoneInfo(period.time_zone)
    current = _grouped(records, named_by, zone)
    before = _grouped(earlier, named_by, zone)
    return tuple(
        _series(name, unit, readings, before.get((name, unit), []), period)
        for (name, unit), readings in sorted(current.items())
    )


def by_day(series: Series) -> tuple[DaySummary, ...]:
    """Return a line for each day if there are too many readings to list them all.

    A series with a reading that is not a number has no such summary.
    """
    days: dict[date, list[float]] = defaultdict(list)
    for reading in series.readings:
        if reading.value is None:
            return ()
        days[reading.at.date()].append(reading.value)
    if len(series.readings) <= _MOST_SINGLE_READINGS:
        return ()
    outside = Counter(
        r.at.date() for r in series.readings if r.position in ("above", "below")
    )
    return tuple(
        DaySummary(
            day=day,
            readings=len(values),
            mean=fmean(values),
            lowest=min(values),
            highest=max(values),
            outside=outside[day],
        )
        for day, values in days.items()
    )


def _grouped(
    records: Iterable[FetchedRecord], named_by: str, zone: ZoneInfo
) -> dict[tuple[str, str], list[Reading]]:
    groups: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for record in records:
        data = record.data
        name = line(data, named_by) or "Unnamed"
        reading = _reading(local(record.recorded_at, zone), data)
        groups[name, line(data, "unit")].append(reading)
    return groups


def _reading(at: datetime, data: Mapping[str, Any]) -> Reading:
    value = number(data, "value")
    normal = _normal_range(data)
    return Reading(
        at=at,
        value=value,
        shown=line(data, "value"),
        normal=normal,
        position=_position(value, normal),
    )


def _normal_range(data: Mapping[str, Any]) -> Range | None:
    low, high = number(data, "low"), number(data, "high")
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        return None
    return Range(low=low, high=high)


def _position(value: float | None, normal: Range | None) -> Position | None:
    if value is None or normal is None:
        return None
    if normal.low is not None and value < normal.low:
        return "below"
    if normal.high is not None and value > normal.high:
        return "above"
    return "within"


def _series(
    name: str,
    unit: str,
    readings: list[Reading],
    before: list[Reading],
    period: ReportingPeriod,
) -> Series:
    normals = [r.normal for r in readings if r.normal]
    return Series(
        name=name,
        unit=unit,
        readings=tuple(readings),
        weeks=_weeks(before + readings, period),
        normal=normals[-1] if normals else None,
        decimals=_decimals(readings),
    )


def _weeks(readings: list[Reading], period: ReportingPeriod) -> tuple[Week, ...]:
    values: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        if reading.value is not None:
            values[_monday(reading.at)].append(reading.value)
    mondays = [
        period.earlier(weeks).first_day for weeks in range(EARLIER_WEEKS, -1, -1)
    ]
    return tuple(
        Week(
            monday=monday,
            mean=fmean(values[monday]) if monday in values else None,
            readings=len(values.get(monday, ())),
        )
        for monday in mondays
    )


def _monday(at: datetime) -> str:
    day = at.date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _decimals(readings: Iterable[Reading]) -> int:
    """Return how exactly to give an average: as exactly as was measured."""
    written = [as_number(r.value) for r in readings if r.value is not None]
    most = max((len(text.partition(".")[2]) for text in written), default=0)
    return min(max(most, 1), _MOST_DECIMALS)
