"""The demo's result as a table."""

from collections import Counter

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from local_stack.demo.outcome import Outcome

_STYLES = {"completed": "green", "failed": "red", "cancelled": "yellow"}
_MOST_ROWS = 40
"""What fits on a screen; of more people only the remarkable are shown."""


def outcome_table(outcomes: list[Outcome], title: str) -> Table:
    """Return a row for each wish: how it ended, and what is odd about it.

    Of more than forty, only those who are odd or ended wrongly have a row, and
    the caption counts the others.
    """
    table = Table(
        box=SIMPLE_HEAD,
        caption_justify="left",
        collapse_padding=True,
        pad_edge=False,
        title=title,
        title_justify="left",
    )
    table.add_column("Person", max_width=16, no_wrap=True)
    table.add_column("Status", min_width=9)
    table.add_column("Stage", min_width=5)
    table.add_column("Pages", min_width=5, justify="right")
    table.add_column("PDF", min_width=5, justify="right")
    table.add_column("Mail", min_width=4, justify="right")
    table.add_column("What is special", min_width=14)
    table.add_column("Right", min_width=5, justify="right")
    shown = outcomes
    if len(outcomes) > _MOST_ROWS:
        shown = [outcome for outcome in outcomes if _is_remarkable(outcome)]
        plain = len(outcomes) - len(shown)
        table.caption = f"{plain} plain reports, completed as they should, are left out"
    for outcome in shown:
        table.add_row(*_cells(outcome))
    return table


def totals(outcomes: list[Outcome]) -> str:
    """Return one line that counts how the wishes ended."""
    counted = Counter(outcome.status for outcome in outcomes)
    parts = ", ".join(f"{count} {status}" for status, count in counted.most_common())
    mails = sum(outcome.mails for outcome in outcomes)
    right = sum(outcome.is_right for outcome in outcomes)
    return f"{parts}; {mails} mails; {right} of {len(outcomes)} ended as they should"


def _is_remarkable(outcome: Outcome) -> bool:
    return outcome.wish.person.awkwardness is not None or not outcome.is_right


def _cells(outcome: Outcome) -> tuple[str | Text, ...]:
    job, report = outcome.job, outcome.job.report if outcome.job else None
    odd = outcome.wish.person.awkwardness
    special = odd.name.replace("_", " ").lower() if odd else ""
    if outcome.reason.replace("_", " ") not in special:
        special += f" ({outcome.reason})"
    return (
        outcome.wish.person.user.name,
        Text(outcome.status, _STYLES.get(outcome.status, "")),
        job.stage if job else "",
        str(report.pages) if report else "",
        f"{report.artifact.size / 1024:.0f} K" if report else "",
        str(outcome.mails or ""),
        special.strip(),
        Text("yes", "green") if outcome.is_right else Text("NO", "bold red"),
    )
