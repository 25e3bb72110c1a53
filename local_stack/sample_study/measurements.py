"""Vital signs and laboratory values around a person's own baseline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Self

from local_stack.sample_study.chart import Analyte, Chart
from local_stack.sample_study.weeks import WEEKS
from trial_reports.documents.models import Document

NT_PRO_BNP = Analyte("NT-proBNP", "ng/L", 0, 125)

_USUAL_RESULTS = (
    (Analyte("Haemoglobin", "g/dL", 12, 16), 13.8, 0.5, 1),
    (Analyte("Potassium", "mmol/L", 3.5, 5.1), 4.2, 0.3, 1),
    (Analyte("Creatinine", "µmol/L", 45, 104), 78, 9, 0),
    (Analyte("ALT", "U/L", 7, 45), 27, 9, 0),
    (Analyte("C-reactive protein", "mg/L", 0, 5), 3.1, 1.4, 1),
    (NT_PRO_BNP, 88, 22, 0),
)
"""What is determined; then a usual value, its spread, and its decimals."""


@dataclass(frozen=True)
class _Sign:
    """A vital sign: where people start, and what a week of treatment changes."""

    name: str
    unit: str
    start: tuple[float, float]
    change: float
    spread: float
    decimals: int
    weekdays: tuple[int, ...]
    limits: tuple[float, float] | None


_MORNINGS = (0, 2, 5)
_PRESSURE = "blood pressure"
_SIGNS = (
    _Sign("Heart rate", "beats/min", (60, 86), -0.8, 4, 0, _MORNINGS, (50, 100)),
    _Sign("Systolic " + _PRESSURE, "mmHg", (132, 158), -3, 5, 0, _MORNINGS, (90, 140)),
    _Sign("Diastolic " + _PRESSURE, "mmHg", (80, 97), -1.5, 3, 0, _MORNINGS, (60, 90)),
    _Sign("Weight", "kg", (52, 98), -0.25, 0.3, 1, (2,), None),
    _Sign("Temperature", "°C", (36.3, 36.9), 0, 0.2, 1, (2,), (36, 37.5)),
)


@dataclass(frozen=True)
class Body:
    """What is usual for one person when the history begins, and where it goes."""

    baselines: dict[str, float]
    cheer: float
    """The usual mood, 1 to 5."""
    response: float
    """Share of the full effect which the treatment has on this person."""

    @classmethod
    def somebody(cls, random: Random) -> Self:
        """Return the body of an invented person with raised blood pressure."""
        return cls(
            baselines={sign.name: random.uniform(*sign.start) for sign in _SIGNS},
            cheer=random.uniform(2.6, 3.8),
            response=random.uniform(0.2, 1),
        )

    def progress(self, weeks_ago: int) -> float:
        """Return how many weeks of full effect the treatment had by then."""
        return self.response * (WEEKS - 1 - weeks_ago)


def vital_signs(chart: Chart, body: Body, weeks_ago: int) -> Iterator[Document]:
    """Yield three mornings of measurements, one of them with weight and temperature."""
    for weekday in _MORNINGS:
        at = chart.weeks.moment(weeks_ago, weekday, chart.random.uniform(7, 9))
        for sign in _SIGNS:
            if weekday in sign.weekdays:
                taken = _measured(sign, body, weeks_ago, chart.random)
                yield chart.entry("vital_signs", at, taken)


def laboratory(chart: Chart, weeks_ago: int) -> Iterator[Document]:
    """Yield the values of one drawing of blood.

    Every second week's are drawn on Tuesday and released on Friday. Those of the
    week before the report week are drawn on Friday and released in it.
    """
    if weeks_ago == 1:
        yield from _drawn(chart, weeks_ago, weekday=4, days=4, count=1)
    elif weeks_ago % 2 == 0:
        yield from _drawn(chart, weeks_ago, weekday=1, days=3, count=4)


def _measured(
    sign: _Sign, body: Body, weeks_ago: int, random: Random
) -> dict[str, Any]:
    usual = body.baselines[sign.name] + sign.change * body.progress(weeks_ago)
    value = round(random.gauss(usual, sign.spread), sign.decimals or None)
    taken = {"measurement": sign.name, "value": value, "unit": sign.unit}
    if sign.limits is None:
        return taken
    low, high = sign.limits
    return {**taken, "low": low, "high": high}


def _drawn(
    chart: Chart, weeks_ago: int, *, weekday: int, days: int, count: int
) -> Iterator[Document]:
    random = chart.random
    drawn_at = chart.weeks.moment(weeks_ago, weekday, random.uniform(8, 11))
    released_at = drawn_at + timedelta(days=days)
    for analyte, usual, spread, decimals in random.sample(_USUAL_RESULTS, count):
        value = round(abs(random.gauss(usual, spread)), decimals or None)
        yield chart.laboratory_value(analyte, value, drawn_at, released_at)
