"""The names that DAGs, workers and operators share."""

from trial_reports.jobs.models import STAGES, Stage

WEEKLY_REPORTS = "weekly_reports"
DISPATCH_REPORTS = "dispatch_reports"
STAGE_GROUP = "report"
CLOSE_RUN = "close_run"
TOTALS = "totals"
"""The key under which ``close_run`` leaves how many jobs ended which way."""


def queue_of(stage: Stage) -> str:
    """Return the Celery queue of a stage's tasks; its pool has the same name."""
    return stage


def stage_of(task_id: str) -> Stage:
    """Return the stage that a task of the mapped group runs.

    Raises:
        LookupError: The task is not a stage.
    """
    name = task_id.removeprefix(f"{STAGE_GROUP}.")
    for stage in STAGES:
        if name == stage:
            return stage
    raise LookupError(f"{task_id} is not a stage")
