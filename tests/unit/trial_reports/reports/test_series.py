import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.trial_reports.reports.builders import WEEK, a_reading
from trial_reports.reports.content import Series
from trial_reports.reports.fetched import FetchedRecord
from trial_reports.reports.series import build_series, by_day

VALUES = st.floats(-1e6, 1e6)


def one_series(
    records: list[FetchedRecord], earlier: list[FetchedRecord] | None = None
) -> Series:
    (series,) = build_series(records, earlier or [], WEEK, named_by="measurement")
    return series


def test_this_week_is_compared_with_the_weeks_before() -> None:
    series = one_series(
        [a_reading(0, 70), a_reading(3, 74)],
        [a_reading(-7, 80), a_reading(-6, 84), a_reading(-14, 90)],
    )
    assert series.mean == 72
    assert series.earlier_mean == 86  # (82 + 90) / 2: each week counts the same


def test_a_week_without_readings_is_a_gap_and_not_a_zero() -> None:
    series = one_series([a_reading(0, 70)], [a_reading(-14, 90)])
    assert [week.mean for week in series.weeks[-3:]] == [90, None, 70]


def test_the_weeks_are_those_of_the_local_calendar() -> None:
    # Monday 00:30 in Berlin is still Sunday in UTC.
    early = a_reading(0, 70).model_copy(
        update={"recorded_at": WEEK.start.replace(minute=30)}
    )
    assert early.recorded_at.weekday() == 6
    assert one_series([early]).weeks[-1].mean == 70


def test_the_same_measurement_in_two_units_is_never_mixed() -> None:
    found = build_series(
        [a_reading(0, 5.4, unit="mmol/L"), a_reading(1, 97, unit="mg/dL")],
        [],
        WEEK,
        named_by="measurement",
    )
    assert [(series.unit, len(series.readings)) for series in found] == [
        ("mg/dL", 1),
        ("mmol/L", 1),
    ]


def test_a_value_that_is_no_number_is_listed_but_not_counted() -> None:
    series = one_series([a_reading(0, "felt fast"), a_reading(1, 70)])
    assert [reading.shown for reading in series.readings] == ["felt fast", "70"]
    assert series.mean == 70


@pytest.mark.parametrize(
    ("value", "low", "high", "position"),
    [
        (70, 60, 100, "within"),
        (60, 60, 100, "within"),
        (59, 60, 100, "below"),
        (101, 60, 100, "above"),
        (101, None, 100, "above"),
        (5, None, 100, "within"),
        (70, None, None, None),
        (70, 100, 60, None),
        (70, "low", True, None),
        ("many", 60, 100, None),
    ],
)
def test_a_value_is_placed_in_its_normal_range(
    value: object, low: object, high: object, position: str | None
) -> None:
    series = one_series([a_reading(0, value, low=low, high=high)])
    assert series.readings[0].position == position


@given(st.lists(VALUES, min_size=1, max_size=20), st.lists(VALUES, max_size=20))
def test_an_average_lies_between_its_readings(
    now: list[float], before: list[float]
) -> None:
    series = one_series(
        [a_reading(i % 7, value) for i, value in enumerate(now)],
        [a_reading(-1 - i % 60, value) for i, value in enumerate(before)],
    )
    assert series.mean is not None
    assert min(now) <= series.mean + 1e-6
    assert series.mean <= max(now) + 1e-6
    assert sum(week.readings for week in series.weeks) <= len(now) + len(before)
    assert (series.earlier_mean is None) == (
        not any(week.readings for week in series.weeks[:-1])
    )


def test_many_readings_are_summed_up_by_day() -> None:
    series = one_series([a_reading(i // 10, 55 + i) for i in range(30)])
    days = by_day(series)
    assert [(d.readings, d.lowest, d.highest, d.outside) for d in days] == [
        (10, 55, 64, 5),
        (10, 65, 74, 0),
        (10, 75, 84, 0),
    ]


def test_a_few_readings_are_listed_one_by_one() -> None:
    assert by_day(one_series([a_reading(i, 70) for i in range(7)])) == ()


def test_readings_in_words_are_never_summed_up() -> None:
    readings = [a_reading(i % 7, 70) for i in range(30)]
    assert by_day(one_series([*readings, a_reading(1, "fast")])) == ()
