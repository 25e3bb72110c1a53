"""What the transitions write: the parts that several verbs share."""

from datetime import datetime
from typing import Any

from trial_reports.database.model import Row
from trial_reports.jobs.models import Artifact, Attempt, Job, StageOutcome, StageRecord


def without_id(job: Job) -> Row:
    """Return a job's row as an upsert sets it: the id is in its filter."""
    row = job.to_row()
    del row["_id"]
    return row


def record_of(
    attempt: Attempt,
    outcome: StageOutcome,
    now: datetime,
    artifact: Artifact | None = None,
) -> Row:
    """Return how an attempt ended its stage for a job."""
    return StageRecord(
        run=attempt.run,
        round=attempt.round,
        outcome=outcome,
        artifact=artifact,
        finished_at=now,
    ).to_row()


def ownerless(now: datetime) -> Row:
    """Return the fields of a job that waits for a run."""
    return {
        "status": "pending",
        "run": None,
        "batch": None,
        "work": None,
        "error": None,
        "deadLetter": None,
        "updatedAt": now,
    }


def unowned(job: Job, now: datetime, **also: object) -> dict[str, Any]:
    """Return the update that lets a job wait for a run with what it finished."""
    unfinished = {
        f"stages.{stage}": ""
        for stage, record in job.stages.items()
        if record.outcome != "done"
    }
    change: dict[str, Any] = {"$set": ownerless(now) | also}
    return change | {"$unset": unfinished} if unfinished else change
