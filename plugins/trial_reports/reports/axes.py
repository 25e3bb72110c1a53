"""Where things lie in a chart: its frame, its days and its weeks.

All lengths are CSS pixels from the top left corner of the chart.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Self

from trial_reports.database.model import Value
from trial_reports.reports.content import Range, ReportContent, Week
from trial_reports.reports.values import as_number
from trial_reports.reports.wording import day

_HEIGHT = 150.0
_TOP, _BOTTOM = 14.0, 128.0
_RIGHT_MARGIN, _LABEL_MARGIN, _DIGIT = 10.0, 12.0, 5.2
_MOST_DAY_LABELS = 8
_ALIKE = 1e-6
"""Values that differ by less than this share are drawn as a flat line."""


class Tick(Value):
    """A labelled place on an axis."""

    at: float
    label: str


class Band(Value):
    """The normal range; an edge is ``None`` where the range is open."""

    top: float
    bottom: float
    low: float | None
    high: float | None


class Frame(Value):
    """The area of a chart and the y axis from ``lowest`` to ``highest``."""

    lowest: float
    highest: float
    width: float
    left: float
    right: float
    height: float = _HEIGHT
    top: float = _TOP
    bottom: float = _BOTTOM

    @classmethod
    def around(cls, numbers: Sequence[float], width: float) -> Self:
        """Return a frame whose labels have room.

        Args:
            numbers: Those along the y axis, lowest first.
            width: Of the whole chart.
        """
        longest = max(len(as_number(number)) for number in numbers)
        return cls(
            lowest=numbers[0],
            highest=numbers[-1],
            width=width,
            left=pixels(_LABEL_MARGIN + _DIGIT * longest),
            right=width - _RIGHT_MARGIN,
        )

    def y(self, value: float) -> float:
        """Return the height at which ``value`` is drawn."""
        share = (value - self.lowest) / (self.highest - self.lowest)
        return pixels(self.bottom - share * (self.bottom - self.top))

    def rows(self, numbers: Sequence[float]) -> tuple[Tick, ...]:
        """Return the labels of the y axis."""
        return tuple(Tick(at=self.y(n), label=as_number(n)) for n in numbers)

    def band(self, normal: Range | None) -> Band | None:
        """Return where the normal range lies."""
        if normal is None:
            return None
        low = None if normal.low is None else self.y(normal.low)
        high = None if normal.high is None else self.y(normal.high)
        return Band(
            top=self.top if high is None else high,
            bottom=self.bottom if low is None else low,
            low=low,
            high=high,
        )


class DayAxis:
    """The days of a report along the x axis, on the clocks of its zone.

    Args:
        frame: The frame they share evenly.
        content: The report.
    """

    def __init__(self, frame: Frame, content: ReportContent) -> None:
        self._left = frame.left
        self._first = content.first_day
        self._count = (content.last_day - content.first_day).days + 1
        self._day = (frame.right - frame.left) / self._count
        self._every = math.ceil(self._count / _MOST_DAY_LABELS)
        self.label = f"{day(content.first_day)} to {day(content.last_day)}"

    def x(self, at: datetime) -> float:
        """Return where a moment lies."""
        days = (at.date() - self._first).days
        return pixels(self._left + self._day * (days + (at.hour + at.minute / 60) / 24))

    @property
    def midnights(self) -> tuple[float, ...]:
        """Where a labelled day begins, apart from the first."""
        starts = range(self._every, self._count, self._every)
        return tuple(pixels(self._left + self._day * start) for start in starts)

    @property
    def columns(self) -> tuple[Tick, ...]:
        """The labels below the middle of their day."""
        return tuple(
            Tick(
                at=pixels(self._left + self._day * (start + 0.5)),
                label=self._name(self._first + timedelta(days=start)),
            )
            for start in range(0, self._count, self._every)
        )

    def _name(self, at: date) -> str:
        return f"{at:%a} {at.day}" if self._every == 1 else short_day(at)


class WeekAxis:
    """Weeks along the x axis, each with an equal part.

    Args:
        frame: The frame they share evenly.
        weeks: The weeks, the reported one last.
        every: Label each, or each second, third ... counted from the last.
    """

    def __init__(self, frame: Frame, weeks: Sequence[Week], every: int) -> None:
        self._left = frame.left
        self._week = (frame.right - frame.left) / len(weeks)
        self._weeks = weeks
        self._every = every

    def x(self, index: int) -> float:
        """Return the middle of the week with this index."""
        return pixels(self._left + self._week * (index + 0.5))

    @property
    def columns(self) -> tuple[Tick, ...]:
        """The labels: the first day of a week."""
        return tuple(
            Tick(at=self.x(i), label=short_day(date.fromisoformat(week.monday)))
            for i, week in enumerate(self._weeks)
            if (len(self._weeks) - 1 - i) % self._every == 0
        )


def nice_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Return round numbers that enclose ``low`` and ``high``.

    Args:
        low: The smallest value.
        high: The largest value, at least ``low``.
        most: About how many numbers to return; it may be one or two more.
    """
    largest = max(abs(low), abs(high))
    if high - low <= largest * _ALIKE or high - low < _ALIKE**2:
        margin = largest / 10 if largest > _ALIKE else 1.0
        low, high = low - margin, high + margin
    step = _round_up((high - low) / (most - 1))
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(float(f"{i * step:.12g}") for i in range(first, last + 1))


def short_day(at: date) -> str:
    """Return a day as ``16 Nov``."""
    return f"{at.day} {at:%b}"


def pixels(length: float) -> float:
    """Return a length as exactly as a printer can show it."""
    return round(length, 1)


def _round_up(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(n * power for n in (1, 2, 2.5, 5, 10, 20) if n * power >= step)
