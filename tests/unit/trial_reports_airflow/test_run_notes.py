"""The note of a weekly run: how its jobs ended, in a few words."""

import pytest

from trial_reports.runs.models import Totals
from trial_reports_airflow.run_notes import note_of


@pytest.mark.parametrize(
    ("totals", "note"),
    [
        (
            Totals(jobs=40, completed=38, failed=1, cancelled=1),
            "38 completed, 1 failed, 1 cancelled",
        ),
        (Totals(jobs=3, completed=2, unaccounted=1), "2 completed, 1 unaccounted"),
        (Totals(jobs=2, failed=2), "2 failed"),
        (Totals(), "nothing to do"),
    ],
)
def test_the_note_tells_how_jobs_ended_and_nothing_else(
    totals: Totals, note: str
) -> None:
    assert note_of(totals.model_dump()) == note
