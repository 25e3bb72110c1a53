from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.trial_reports.reports.builders import (
    a_fetched_report,
    a_reading,
    a_record,
    moment,
)
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.axes import nice_ticks
from trial_reports.reports.charts import (
    LineChart,
    day_chart,
    is_charted,
    mood_chart,
    week_chart,
)
from trial_reports.reports.fetched import FetchedRecord

VALUES = st.floats(-1e12, 1e12)


def charts_of(
    *records: FetchedRecord, **changes: Any
) -> tuple[LineChart | None, LineChart | None]:
    content = build_content(a_fetched_report(*records, **changes))
    (series,) = content.vital_signs
    charts = day_chart(series, content), week_chart(series)
    assert is_charted(series) == any(charts)
    return charts


def the_day_chart(*records: FetchedRecord, **changes: Any) -> LineChart:
    daily, _ = charts_of(*records, **changes)
    assert daily is not None
    return daily


@given(VALUES, VALUES)
def test_the_axis_has_a_few_evenly_spaced_numbers_around_the_values(
    one: float, other: float
) -> None:
    low, high = min(one, other), max(one, other)
    ticks = nice_ticks(low, high)
    tolerance = 1e-9 * max(abs(low), abs(high), 1)
    assert ticks[0] <= low + tolerance
    assert ticks[-1] >= high - tolerance
    assert 2 <= len(ticks) <= 7
    steps = [after - before for before, after in pairwise(ticks)]
    assert min(steps) > 0
    assert max(steps) == pytest.approx(min(steps), rel=1e-3)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (61, 98, (60, 70, 80, 90, 100)),
        (36.1, 37.9, (36, 36.5, 37, 37.5, 38)),
        (0, 0, (-1, -0.5, 0, 0.5, 1)),
    ],
)
def test_the_axis_has_round_numbers(
    low: float, high: float, ticks: tuple[float, ...]
) -> None:
    assert nice_ticks(low, high) == ticks


@given(st.lists(VALUES, min_size=2, max_size=12))
def test_every_value_is_drawn_inside_its_chart(values: list[float]) -> None:
    chart = the_day_chart(*(a_reading(i % 7, v) for i, v in enumerate(sorted(values))))
    for dot in chart.dots:
        assert chart.frame.left <= dot.x <= chart.frame.right
        assert chart.frame.top <= dot.y <= chart.frame.bottom


def test_a_day_without_a_reading_is_a_gap_in_the_line() -> None:
    chart = the_day_chart(*(a_reading(day, 70 + day) for day in (0, 1, 3, 4)))
    assert len(chart.lines) == 2
    assert len(chart.dots) == 4


def test_a_single_reading_between_gaps_is_still_a_dot() -> None:
    chart = the_day_chart(*(a_reading(day, 70) for day in (0, 3, 6)))
    assert chart.lines == ()
    assert len(chart.dots) == 3


def test_a_week_without_readings_is_a_gap_in_the_trend() -> None:
    earlier = tuple(a_reading(-7 * week, 70 + week) for week in (1, 2, 4, 5))
    _, weekly = charts_of(a_reading(0, 70), earlier_records=earlier)
    assert weekly is not None
    assert len(weekly.lines) == 2
    assert weekly.highlight is not None


def test_the_same_value_every_day_is_a_level_line() -> None:
    chart = the_day_chart(
        *(a_reading(day, 70, low=None, high=None) for day in range(7))
    )
    assert len({dot.y for dot in chart.dots}) == 1
    assert chart.frame.top < chart.dots[0].y < chart.frame.bottom


def test_one_reading_and_no_history_is_no_chart() -> None:
    assert charts_of(a_reading(0, 70)) == (None, None)


def test_words_are_no_chart() -> None:
    assert charts_of(a_reading(0, "fast"), a_reading(1, "slow")) == (None, None)


def test_the_normal_range_is_a_band_whose_edges_can_be_seen() -> None:
    band = the_day_chart(a_reading(0, 60), a_reading(1, 100)).band
    assert band is not None
    assert band.low is not None
    assert band.high is not None
    assert 14 < band.high < band.low < 128


def test_an_open_range_reaches_the_edge() -> None:
    chart = the_day_chart(*(a_reading(day, 70 + day, low=None) for day in (0, 1)))
    assert chart.band is not None
    assert chart.band.low is None
    assert chart.band.bottom == chart.frame.bottom


def test_the_alternative_text_tells_what_the_chart_shows() -> None:
    chart = the_day_chart(a_reading(0, 70), a_reading(1, 92.5))
    words = chart.title.replace(
        "\N{NO-BREAK SPACE}\N{EN DASH}\N{NO-BREAK SPACE}", " to "
    )
    assert words == (
        "Heart rate, Mon 16 Nov to Sun 22 Nov: 2 readings from 70 to 92.5 bpm. "
        "Normal range 60 to 100 bpm. The table below lists them."
    )


def test_values_out_of_range_have_another_shape() -> None:
    chart = the_day_chart(*(a_reading(day, v) for day, v in enumerate((50, 70, 110))))
    assert [dot.position for dot in chart.dots] == ["below", "within", "above"]


def test_moods_are_drawn_from_one_to_five() -> None:
    entries = [a_record("diary", moment(day), mood=day + 1) for day in range(5)]
    content = build_content(a_fetched_report(*entries))
    chart = mood_chart(content.diary, content)
    assert chart is not None
    assert [row.label for row in chart.rows] == ["1", "2", "3", "4", "5"]
    assert [dot.y for dot in chart.dots] == [row.at for row in chart.rows]


def test_the_axis_of_what_cannot_be_negative_does_not_go_below_zero() -> None:
    chart = the_day_chart(*(a_reading(day, day + 1, low=0, high=5) for day in (0, 1)))
    assert chart.rows[0].label == "0"


def test_a_crowd_of_readings_is_a_line_without_dots_but_none_is_lost() -> None:
    crowd = [a_reading(i // 60, 70 + i % 5) for i in range(240)]
    chart = the_day_chart(*crowd, a_reading(6, 90))
    assert len(chart.lines) == 1
    assert len(chart.dots) == 1
