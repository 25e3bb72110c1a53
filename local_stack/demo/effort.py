"""What a week cost: the processor time of each component."""

import time
from dataclasses import dataclass
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.table import Table

from local_stack.stack import Stack

_LABELS = {
    "airflow-worker": "Worker",
    "airflow-scheduler": "Scheduler",
    "airflow-api-server": "Airflow's API server",
    "airflow-dag-processor": "DAG processor",
    "postgres": "PostgreSQL",
    "mongod": "MongoDB",
    "redis": "Redis",
    "moto": "S3/SQS stand-in",
    "mailbox": "Mailbox",
    "api": "API",
}


@dataclass(frozen=True)
class Effort:
    """Processor time by process, and a monotonic time, both in seconds."""

    processor: dict[str, float]
    clock: float

    @classmethod
    def so_far(cls, stack: Stack) -> Self:
        """Return what the stack has used since it was started."""
        return cls(stack.processor_seconds(), time.monotonic())


def effort_table(before: Effort, after: Effort, jobs: int) -> Table:
    """Return a row for each component that runs here, and their sum.

    Args:
        before: When the week was started; what was used until then is the start
            of the stack and the loading of the sample.
        after: When the week was over.
        jobs: How many reports it was about.
    """
    table = Table(
        box=SIMPLE_HEAD,
        pad_edge=False,
        show_footer=True,
        title="Processor time in seconds, user and system, ended processes included",
        title_justify="left",
    )
    rows = [
        (label, before.processor[name], after.processor[name] - before.processor[name])
        for name, label in _LABELS.items()
        if name in before.processor
    ]
    start, week = sum(row[1] for row in rows), sum(row[2] for row in rows)
    per_report = 1 / max(jobs, 1)
    table.add_column("Component", f"Sum ({after.clock - before.clock:.0f} s of time)")
    table.add_column("Start", f"{start:.1f}", justify="right")
    table.add_column("Week", f"{week:.1f}", justify="right")
    table.add_column("A report", f"{week * per_report:.2f}", justify="right")
    for label, until, during in rows:
        each = f"{during * per_report:.2f}"
        table.add_row(label, f"{until:.1f}", f"{during:.1f}", each)
    return table
