"""What an operator reads after a redrive, and before one."""

from datetime import timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_NOON
from trial_reports.deadletters.open_letters import Waiting
from trial_reports.deadletters.redriven import Line, Outcome
from trial_reports.jobs.models import STAGES, Cause

NOW = MONDAY_NOON
WAITING = [
    Waiting("email", "permanent", letters=12, oldest=NOW - timedelta(hours=30)),
    Waiting("fetch", "bug", letters=1, oldest=NOW - timedelta(minutes=30)),
]
NUMBERS = st.integers(0, 10**6)
LINES = st.builds(
    Line,
    stage=st.sampled_from(STAGES),
    cause=st.sampled_from(get_args(Cause)),
    open=NUMBERS,
    oldest_hours=st.none() | st.floats(0, 10_000),
    selected=NUMBERS,
    redriven=NUMBERS,
    moved_on=NUMBERS,
    deleted=NUMBERS,
    dropped=NUMBERS,
)


def test_a_dry_run_shows_what_is_open_in_the_order_of_the_stages() -> None:
    outcome = Outcome.before(WAITING, NOW, dry_run=True)
    outcome.line("email", "permanent").selected = 2

    assert str(outcome).splitlines() == [
        "Dry run: 2 of 13 open letters selected, 0 need a person's decision",
        "stage  cause      open  selected  redriven  moved on  deleted  stale  oldest",
        "fetch  bug           1         0         0         0        0      0   0.5 h",
        "email  permanent    12         2         0         0        0      0  30.0 h",
    ]


def test_a_real_redrive_says_what_it_did_and_what_else_there_is_to_know() -> None:
    outcome = Outcome.before(WAITING, NOW, dry_run=False)
    line = outcome.line("email", "permanent")
    line.selected, line.redriven, line.moved_on = 3, 2, 1
    outcome.to_decide = 4
    outcome.notes.append("SQS is away.")

    first, *_, last = str(outcome).splitlines()

    assert first == "2 of 3 selected jobs redriven, 4 need a person's decision"
    assert last == "SQS is away."


def test_the_line_of_a_log_says_how_many_wait_and_for_how_long() -> None:
    described = [waiting.describe(NOW) for waiting in WAITING]

    assert described == [
        "email/permanent: 12 open, the oldest for 30.0 h",
        "fetch/bug: 1 open, the oldest for 0.5 h",
    ]


@given(st.lists(LINES, unique_by=lambda line: (line.stage, line.cause)))
def test_the_table_is_aligned_and_its_totals_are_those_of_its_lines(
    lines: list[Line],
) -> None:
    outcome = Outcome(
        dry_run=False, lines={(line.stage, line.cause): line for line in lines}
    )

    _, *table = str(outcome).splitlines()

    assert len(table) == len(lines) + 1
    assert len({len(row) for row in table}) == 1
    assert outcome.counts()["redriven"] == sum(line.redriven for line in lines)
