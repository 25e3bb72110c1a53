"""Which jobs are meant: the filters that reading and writing share."""

from trial_reports.database.model import Row
from trial_reports.jobs.models import Attempt, previous_stage


def of_batch(run: str, batch: int) -> Row:
    """Return the filter for the jobs of one mapped task."""
    return {"run": run, "batch": batch}


def due(attempt: Attempt) -> Row:
    """Return the filter for jobs that a stage still has to do in this attempt.

    A job is due when its previous stage is done, and its own record is absent
    or was made by this run in an earlier round: somebody cleared the task. A
    task that comes too late, from before the clear, finds nothing due.
    """
    own = f"stages.{attempt.stage}"
    before = previous_stage(attempt.stage)
    return {
        "run": attempt.run,
        "status": {"$ne": "cancelled"},
        **({f"stages.{before}.outcome": "done"} if before else {}),
        "$or": [
            {own: None},
            {f"{own}.run": attempt.run, f"{own}.round": {"$lt": attempt.round}},
        ],
    }
