"""What the charts show; ``templates/report/charts`` draws them as SVG.

A chart holds numbers and dates only: names and units stand beside it as text,
in any script. Its title is the alternative text, which is never seen.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from trial_reports.database.model import Value
from trial_reports.reports.axes import (
    Band,
    DayAxis,
    Frame,
    Tick,
    WeekAxis,
    nice_ticks,
)
from trial_reports.reports.content import DiaryEntry, Position, ReportContent, Series
from trial_reports.reports.values import as_number
from trial_reports.reports.wording import average, normal_range

_FULL, _WIDE, _HALF, _NARROW = 650.0, 400.0, 316.0, 248.0
_MOOD_SCALE = (1.0, 2.0, 3.0, 4.0, 5.0)
_MOST_DOTS = 150
_CLEARANCE = 0.02


class Dot(Value):
    """A value; its shape says where it lies, so that colour need not."""

    x: float
    y: float
    position: Position | None = None


class LineChart(Value):
    """A line chart, ready to draw.

    ``lines`` are SVG points; where nothing was measured, one ends and another
    begins. ``highlight`` is the reported week.
    """

    title: str
    frame: Frame
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    separators: tuple[float, ...] = ()
    band: Band | None = None
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    highlight: Dot | None = None


def is_charted(series: Series) -> bool:
    """Tell whether there is enough of a series to draw it."""
    return len(_numbers(series)) > 1 or _has_trend(series)


def day_chart(series: Series, content: ReportContent) -> LineChart | None:
    """Return the readings of a report, day by day, if there are several."""
    values = _numbers(series)
    if len(values) <= 1:
        return None
    scale = _scale(series)
    frame = Frame.around(scale, _WIDE if _has_trend(series) else _FULL)
    axis = DayAxis(frame, content)
    drawn = [
        (r.at.date(), Dot(x=axis.x(r.at), y=frame.y(r.value), position=r.position))
        for r in series.readings
        if r.value is not None
    ]
    runs = _runs(
        [dot for _, dot in drawn],
        [(after - before).days > 1 for (before, _), (after, _) in pairwise(drawn)],
    )
    return LineChart(
        title=(
            f"{series.name}, {axis.label}: {len(values)} readings from "
            f"{as_number(min(values))} to {as_number(max(values))} {series.unit}."
            f"{_range_in_words(series)} The table below lists them."
        ),
        frame=frame,
        rows=frame.rows(scale),
        columns=axis.columns,
        separators=axis.midnights,
        band=frame.band(series.normal),
        lines=_lines(runs),
        dots=_dots(runs),
    )


def week_chart(series: Series) -> LineChart | None:
    """Return the weekly averages, the reported week last, if there is a history."""
    if not _has_trend(series):
        return None
    alone = len(_numbers(series)) == 1
    scale = _scale(series)
    frame = Frame.around(scale, _HALF if alone else _NARROW)
    axis = WeekAxis(frame, series.weeks, every=2 if alone else 4)
    drawn = [
        (i, Dot(x=axis.x(i), y=frame.y(week.mean)))
        for i, week in enumerate(series.weeks)
        if week.mean is not None
    ]
    runs = _runs(
        [dot for _, dot in drawn],
        [after - before > 1 for (before, _), (after, _) in pairwise(drawn)],
    )
    means = ", ".join(average(week.mean, series.decimals) for week in series.weeks)
    return LineChart(
        title=(
            f"{series.name}, average of each week in {series.unit or 'its unit'}, "
            f"this week last, a dash where nothing was measured: {means}."
            f"{_range_in_words(series)}"
        ),
        frame=frame,
        rows=frame.rows(scale),
        columns=axis.columns,
        band=frame.band(series.normal),
        lines=_lines(runs),
        dots=_dots(runs)[:-1],
        highlight=runs[-1][-1],
    )


def mood_chart(
    entries: Iterable[DiaryEntry], content: ReportContent
) -> LineChart | None:
    """Return the moods of the diary from 1 to 5, if there are several."""
    rated = [(entry.at, entry.mood) for entry in entries if entry.mood]
    if len(rated) <= 1:
        return None
    frame = Frame.around(_MOOD_SCALE, _FULL)
    axis = DayAxis(frame, content)
    moods = [mood for _, mood in rated]
    runs = _runs(
        [Dot(x=axis.x(at), y=frame.y(mood)) for at, mood in rated],
        [(b.date() - a.date()).days > 1 for (a, _), (b, _) in pairwise(rated)],
    )
    return LineChart(
        title=(
            f"Your mood from 1 (very low) to 5 (very good), {axis.label}: "
            f"{len(moods)} entries, from {min(moods)} to {max(moods)}. "
            "The entries below name each of them."
        ),
        frame=frame,
        rows=frame.rows(_MOOD_SCALE),
        columns=axis.columns,
        separators=axis.midnights,
        lines=_lines(runs),
        dots=_dots(runs),
    )


def _numbers(series: Series) -> list[float]:
    return [r.value for r in series.readings if r.value is not None]


def _has_trend(series: Series) -> bool:
    return series.mean is not None and series.earlier_mean is not None


def _scale(series: Series) -> tuple[float, ...]:
    """Return the numbers of the y axis: readings, averages and normal range fit."""
    known = _numbers(series)
    known += [week.mean for week in series.weeks if week.mean is not None]
    if series.normal:
        ends = (series.normal.low, series.normal.high)
        known += [end for end in ends if end is not None]
    lowest, highest = min(known), max(known)
    # The edges of the normal range must not vanish in the edges of the chart.
    margin = (highest - lowest) * _CLEARANCE if series.normal else 0
    below = lowest - margin if lowest < 0 else max(0, lowest - margin)
    return nice_ticks(below, highest + margin)


def _runs(dots: Sequence[Dot], breaks: Iterable[bool]) -> list[list[Dot]]:
    """Return the dots in runs that a line connects."""
    runs = [[dots[0]]]
    for dot, broken in zip(dots[1:], breaks, strict=True):
        if broken:
            runs.append([])
        runs[-1].append(dot)
    return runs


def _lines(runs: Iterable[Sequence[Dot]]) -> tuple[str, ...]:
    return tuple(
        " ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1
    )


def _dots(runs: Sequence[Sequence[Dot]]) -> tuple[Dot, ...]:
    """Return the dots to draw: all, or of very many those that no line shows."""
    crowded = sum(map(len, runs)) > _MOST_DOTS
    return tuple(dot for run in runs for dot in run if len(run) == 1 or not crowded)


def _range_in_words(series: Series) -> str:
    if series.normal is None:
        return ""
    return f" Normal range {normal_range(series.normal)} {series.unit}."
