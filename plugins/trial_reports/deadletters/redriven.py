"""What a redrive has done, or would do: typed, and as a table for a log."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from operator import attrgetter

from trial_reports.deadletters.open_letters import Waiting
from trial_reports.jobs.models import STAGES, Cause, Stage

_COLUMNS = {
    "open": "open",
    "selected": "selected",
    "redriven": "redriven",
    "moved_on": "moved on",
    "deleted": "deleted",
    "dropped": "stale",
}


@dataclass
class Line:
    """The letters of one stage and cause.

    Attributes:
        open: How many waited before the redrive.
        oldest_hours: For how long the oldest of them had waited.
        selected: How many of them were meant and could be redriven.
        redriven: How many jobs wait for a run now.
        moved_on: Selected, but somebody else was faster.
        deleted: Messages of what was redriven, deleted from SQS.
        dropped: Messages of letters that were closed before, deleted too.
    """

    stage: Stage
    cause: Cause
    open: int = 0
    oldest_hours: float | None = None
    selected: int = 0
    redriven: int = 0
    moved_on: int = 0
    deleted: int = 0
    dropped: int = 0


@dataclass
class Outcome:
    """What became of the open dead letters.

    Attributes:
        to_decide: Letters that were meant and need a person's decision instead:
            nobody knows whether their mail was accepted.
        foreign: Messages in SQS that are no letters about jobs that we have.
        notes: What else the operator should know.
    """

    dry_run: bool
    lines: dict[tuple[Stage, Cause], Line] = field(default_factory=dict)
    to_decide: int = 0
    foreign: int = 0
    notes: list[str] = field(default_factory=list)

    @classmethod
    def before(
        cls, waiting: Iterable[Waiting], now: datetime, *, dry_run: bool
    ) -> "Outcome":
        """Return how things stand before anything is done."""
        outcome = cls(dry_run=dry_run)
        for letters in waiting:
            line = outcome.line(letters.stage, letters.cause)
            line.open = letters.letters
            line.oldest_hours = round(letters.age(now), 1)
        return outcome

    def line(self, stage: Stage, cause: Cause) -> Line:
        """Return the line of a stage and cause, to be counted in."""
        return self.lines.setdefault((stage, cause), Line(stage, cause))

    def counts(self) -> dict[str, int]:
        """Return the totals."""
        rows = [asdict(line) for line in self.lines.values()]
        totals = {name: sum(row[name] for row in rows) for name in _COLUMNS}
        return totals | {"to_decide": self.to_decide, "foreign": self.foreign}

    def __str__(self) -> str:
        heads = ["stage", "cause", *_COLUMNS.values(), "oldest"]
        table = [heads, *map(_cells, self._sorted())]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        rows = [_aligned(row, widths) for row in table]
        return "\n".join([self._headline(), *rows, *self.notes])

    def _sorted(self) -> list[Line]:
        by_cause = sorted(self.lines.values(), key=attrgetter("cause"))
        return sorted(by_cause, key=lambda line: STAGES.index(line.stage))

    def _headline(self) -> str:
        counts = self.counts()
        did = (
            f"Dry run: {counts['selected']} of {counts['open']} open letters selected"
            if self.dry_run
            else f"{counts['redriven']} of {counts['selected']} selected jobs redriven"
        )
        return f"{did}, {self.to_decide} need a person's decision"


def _cells(line: Line) -> list[str]:
    numbers = asdict(line)
    oldest = "" if line.oldest_hours is None else f"{line.oldest_hours:.1f} h"
    return [line.stage, line.cause, *(str(numbers[n]) for n in _COLUMNS), oldest]


def _aligned(cells: list[str], widths: list[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(cells[:2], widths, strict=False)]
    numbers = [
        cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)
    ]
    return "  ".join([*words, *numbers])
