"""The demo's result as a table."""

from collections import Counter

from rich.table import Table
from rich.text import Text

from local_stack.demo.outcome import Outcome

_STYLES = {"completed": "green", "failed": "red", "cancelled": "yellow"}


def outcome_table(outcomes: list[Outcome], title: str) -> Table:
    """Return a row for each wish: how it ended, and what is odd about it."""
    table = Table(title=title, title_justify="left", row_styles=["", "dim"])
    table.add_column("Person", no_wrap=True)
    table.add_column("Study", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    table.add_column("Stage", no_wrap=True)
    table.add_column("Pages", justify="right")
    table.add_column("PDF", justify="right", no_wrap=True)
    table.add_column("Mails", justify="right")
    table.add_column("What is special")
    table.add_column("As it should", justify="center")
    for outcome in outcomes:
        table.add_row(*_cells(outcome))
    return table


def totals(outcomes: list[Outcome]) -> str:
    """Return one line that counts how the wishes ended."""
    counted = Counter(outcome.status for outcome in outcomes)
    parts = ", ".join(f"{count} {status}" for status, count in counted.most_common())
    mails = sum(outcome.mails for outcome in outcomes)
    right = sum(outcome.is_right for outcome in outcomes)
    return f"{parts}; {mails} mails; {right} of {len(outcomes)} ended as they should"


def _cells(outcome: Outcome) -> tuple[str | Text, ...]:
    job, report = outcome.job, outcome.job.report if outcome.job else None
    odd = outcome.wish.person.awkwardness
    special = odd.name.replace("_", " ").lower() if odd else ""
    if outcome.reason:
        special = f"{special} ({outcome.reason})".strip()
    return (
        outcome.wish.person.user.name,
        outcome.wish.study_id,
        Text(outcome.status, _STYLES.get(outcome.status, "")),
        job.stage if job else "",
        str(report.pages) if report else "",
        f"{report.artifact.size / 1024:.0f} KiB" if report else "",
        str(outcome.mails),
        special,
        Text("yes", "green") if outcome.is_right else Text("NO", "bold red"),
    )
