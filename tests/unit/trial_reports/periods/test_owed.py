"""Nobody is skipped, and nobody is reported on twice or too early."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trial_reports.periods.models import ReportingPeriod
from trial_reports.periods.owed import (
    last_tick,
    next_run,
    owed_periods,
    tick_at_or_after,
)
from trial_reports.settings import Schedule

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"]
)
INSTANTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)
SCHEDULES = st.builds(
    Schedule,
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)


@given(INSTANTS, st.integers(0, 60), ZONES)
def test_all_owed_weeks_follow_each_other_without_a_gap(
    since: datetime, days: int, zone: str
) -> None:
    reported_through = ReportingPeriod.containing(since, zone).start
    as_of = since + timedelta(days=days)
    owed = owed_periods(reported_through, as_of, zone, "all")
    starts = [reported_through] + [p.end for p in owed]
    assert [p.start for p in owed] == starts[:-1]
    assert all(p.end <= as_of for p in owed)
    assert ReportingPeriod.containing(starts[-1], zone).end > as_of


@given(INSTANTS, st.integers(0, 60), ZONES)
def test_after_an_outage_only_the_latest_week_is_caught_up(
    since: datetime, days: int, zone: str
) -> None:
    as_of = since + timedelta(days=days)
    everything = owed_periods(since, as_of, zone, "all")
    assert owed_periods(since, as_of, zone, "latest") == everything[-1:]


@given(INSTANTS, ZONES, SCHEDULES)
def test_the_next_run_is_the_first_tick_at_which_a_week_is_owed(
    reported_through: datetime, zone: str, schedule: Schedule
) -> None:
    tick = next_run(reported_through, zone, schedule)
    assert owed_periods(reported_through, tick, zone, "all")
    before = tick - timedelta(days=7)
    assert not owed_periods(reported_through, before, zone, "all")


@given(INSTANTS, SCHEDULES)
def test_ticks_come_once_a_week(instant: datetime, schedule: Schedule) -> None:
    tick = tick_at_or_after(instant, schedule)
    assert timedelta(0) <= tick - instant < timedelta(days=7)
    assert (tick.weekday(), tick.hour) == (schedule.weekday, schedule.hour)
    assert last_tick(tick, schedule) == tick
    assert last_tick(tick + timedelta(minutes=1), schedule) == tick


def test_the_cron_of_the_default_tick_is_monday_noon() -> None:
    assert Schedule().cron == "0 12 * * 1"
    assert Schedule(weekday=6, hour=3, minute=30).cron == "30 3 * * 0"
