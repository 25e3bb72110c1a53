"""A reporting period is a local week, also where the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_reports.periods.models import ReportingPeriod

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
INSTANTS = st.datetimes(
    datetime(2001, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2059, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


@given(INSTANTS, ZONES)
def test_every_instant_lies_in_exactly_one_week(instant: datetime, zone: str) -> None:
    period = ReportingPeriod.containing(instant, zone)
    assert period.start <= instant < period.end
    assert period.earlier(1).end == period.start
    assert period.following().start == period.end


@given(INSTANTS, ZONES)
def test_a_week_runs_from_monday_to_sunday_on_the_local_calendar(
    instant: datetime, zone: str
) -> None:
    period = ReportingPeriod.containing(instant, zone)
    first, last = date.fromisoformat(period.first_day), period.last_day
    assert first.isoweekday() == 1
    assert date.fromisoformat(last) == first + timedelta(days=6)
    assert ReportingPeriod.parse(period.key, zone) == period
    local_day = instant.astimezone(ZoneInfo(zone)).date()
    assert period.first_day <= local_day.isoformat() <= last


def test_the_week_of_a_clock_change_has_one_hour_more() -> None:
    autumn = ReportingPeriod.parse("2026-W43", "Europe/Berlin")
    assert autumn.end - autumn.start == timedelta(hours=169)


@pytest.mark.parametrize("key", ["2026-W54", "2026", "week 3", ""])
def test_what_is_no_iso_week_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ReportingPeriod.parse(key, "UTC")
