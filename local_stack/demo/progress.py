"""Watching a run: how many jobs each stage has ended."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from local_stack.stack import Stack
from trial_reports.jobs.models import STAGES, Job
from trial_reports.jobs.repository import Jobs
from trial_reports_airflow.names import WEEKLY_REPORTS

_POLL_SECONDS = 1.0
_LONGEST_SECONDS = 3600


def watch_run(stack: Stack, run: str, jobs: Jobs, console: Console) -> str:
    """Show a run's progress until Airflow calls it finished.

    Args:
        stack: The running stack.
        run: The run's id.
        jobs: Where jobs are read.
        console: Where the bars are drawn; a line a stage where it is no screen.

    Returns:
        The run's final state.

    Raises:
        StackError: A process of the stack died meanwhile.
        TimeoutError: The run is still at work after an hour.
    """
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn())
    deadline = time.monotonic() + _LONGEST_SECONDS
    with Progress(*columns, console=console) as progress:
        bars = {stage: progress.add_task(stage, total=None) for stage in STAGES}
        while True:
            finished = stack.airflow.dag_run(WEEKLY_REPORTS, run)
            owned = list(jobs.of_run(run))
            for stage, bar in bars.items():
                ended = sum(_has_left(job, stage) for job in owned)
                progress.update(bar, completed=ended, total=len(owned) or None)
            if finished.finished:
                return finished.state
            if time.monotonic() > deadline:
                raise TimeoutError(f"{run} is still {finished.state}")
            stack.services.processes.require_all_running()
            stack.processes.require_all_running()
            time.sleep(_POLL_SECONDS)


def _has_left(job: Job, stage: str) -> bool:
    return stage in job.stages or job.status in ("failed", "cancelled")
