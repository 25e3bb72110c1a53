"""Watching a run: how many jobs each stage has ended."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from local_stack.errors import StackError
from local_stack.stack import Stack
from trial_reports.jobs.models import STAGES, Job, Stage
from trial_reports.jobs.repository import Jobs
from trial_reports_airflow.names import WEEKLY_REPORTS

_POLL_SECONDS = 1.0
_LONGEST_SECONDS = 3600
_LINE_SECONDS = 10.0
"""How often progress is told where no terminal can show bars."""


def watch_run(stack: Stack, run: str, jobs: Jobs, console: Console) -> str:
    """Show a run's progress until Airflow calls it finished.

    Args:
        stack: The running stack.
        run: The run's id.
        jobs: Where jobs are read.
        console: Where progress is shown: bars, or lines where it is no terminal.

    Returns:
        The run's final state.

    Raises:
        StackError: A process of the stack died meanwhile, or the run is still at
            work after an hour.
    """
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn())
    deadline = time.monotonic() + _LONGEST_SECONDS
    with Progress(*columns, console=console) as progress:
        next_line = time.monotonic() + _LINE_SECONDS
        bars = {stage: progress.add_task(stage, total=None) for stage in STAGES}
        while True:
            finished = stack.airflow.dag_run(WEEKLY_REPORTS, run)
            owned = list(jobs.of_run(run))
            ended = {s: sum(_has_left(job, s) for job in owned) for s in STAGES}
            for stage, bar in bars.items():
                progress.update(bar, completed=ended[stage], total=len(owned) or None)
            if not console.is_terminal and time.monotonic() >= next_line:
                console.print(_line(ended, len(owned)))
                next_line = time.monotonic() + _LINE_SECONDS
            if finished.finished:
                return finished.state
            if time.monotonic() > deadline:
                raise StackError(
                    "run_not_done",
                    f"{run} is still {finished.state} after {_LONGEST_SECONDS} s. "
                    f"Please see the logs in {stack.services.data / 'logs'}.",
                )
            stack.require_all_running()
            time.sleep(_POLL_SECONDS)


def _line(ended: dict[Stage, int], jobs: int) -> str:
    return ", ".join(f"{stage} {count}/{jobs}" for stage, count in ended.items())


def _has_left(job: Job, stage: str) -> bool:
    return stage in job.stages or job.status in ("failed", "cancelled")
