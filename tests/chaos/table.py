"""The results as a table: ``python -m tests.chaos.table RESULTS`` for the page."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table

from tests.chaos.result import StormResult, read_results

_COLUMNS = (
    *("Seed", "Tasks", "Strikes", "Completed", "Failed", "Cancelled", "Unknown"),
    *("Mails", "Releases", "Recovery s", "Promises"),
)
_MISSED = "missed"


def rich_table(results: Iterable[StormResult]) -> Table:
    """Return the results for a terminal."""
    table = Table(*_COLUMNS, title="Storms")
    for result in results:
        table.add_row(*_cells(result, ", "))
    return table


def markdown_table(results: Iterable[StormResult]) -> str:
    """Return the results for a page."""
    rows = [_COLUMNS, ["---"] * len(_COLUMNS), *(_cells(r, ", ") for r in results)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def total(results: Sequence[StormResult]) -> str:
    """Return one line about all storms."""

    def of(status: str) -> int:
        return sum(result.statuses.get(status, 0) for result in results)

    broken = sum(len(result.violations) for result in results)
    strikes = sum(len(_hits(result)) for result in results)
    return (
        f"{len(results)} storms, {strikes} strikes, {of('completed')} completed, "
        f"{of('failed')} failed, {of('cancelled')} cancelled, "
        f"{sum(result.mails for result in results)} mails, {broken} broken promises"
    )


def _cells(result: StormResult, separator: str) -> list[str]:
    recovery = result.recovery_seconds
    return [
        str(result.seed),
        str(result.max_mapped_tasks),
        separator.join(_hits(result)),
        str(result.statuses.get("completed", 0)),
        str(result.statuses.get("failed", 0)),
        str(result.statuses.get("cancelled", 0)),
        str(result.unknown),
        str(result.mails),
        str(result.releases),
        "never" if recovery is None else f"{recovery:.0f}",
        f"{len(result.violations)} broken" if result.violations else "kept",
    ]


def _hits(result: StormResult) -> list[str]:
    blows = sorted(result.blows, key=lambda blow: blow.at)
    return [blow.kind for blow in blows if not blow.hit.startswith(_MISSED)]


if __name__ == "__main__":
    found = read_results(Path(sys.argv[1]))
    sys.stdout.write(markdown_table(found) + "\n" + total(found) + "\n")
