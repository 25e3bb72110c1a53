"""A run is opened once, keeps its batch size, and can be closed again."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON
from trial_reports.runs.models import Run, Totals
from trial_reports.runs.repository import Runs

LATER = MONDAY_NOON + timedelta(hours=1)
RUN = Run(
    id="scheduled__2026-11-23T12:00:00+00:00",
    as_of=MONDAY_NOON,
    reason="scheduled",
    planned_at=MONDAY_NOON,
)
TOTALS = Totals(jobs=3, completed=2, failed=1)


@pytest.fixture
def runs(database: Database[dict[str, Any]]) -> Runs:
    return Runs(database)


def test_a_repeated_plan_finds_what_the_first_try_was_asked(runs: Runs) -> None:
    assert runs.open(RUN) == RUN

    again = RUN.model_copy(update={"as_of": LATER, "planned_at": LATER})

    assert runs.open(again) == RUN


def test_the_first_batch_size_stays(runs: Runs) -> None:
    runs.open(RUN)

    assert runs.set_batch_size(RUN.id, 3) == 3
    assert runs.set_batch_size(RUN.id, 7) == 3
    assert runs.open(RUN).batch_size == 3


def test_a_closed_run_says_how_it_ended(runs: Runs) -> None:
    runs.open(RUN)
    runs.close(RUN.id, TOTALS, LATER)

    closed = runs.get(RUN.id)

    assert (closed.totals, closed.closed_at) == (TOTALS, LATER)
    assert runs.closed([RUN.id, "run_unknown"]) == {RUN.id}


def test_a_run_that_is_planned_again_is_open_until_it_is_closed_again(
    runs: Runs,
) -> None:
    runs.open(RUN)
    runs.close(RUN.id, TOTALS, LATER)

    assert runs.open(RUN).closed_at is None
    assert runs.closed([RUN.id]) == set()
