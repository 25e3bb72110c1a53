"""``jobStatus``: a job's changes as they happen, told to whoever may see them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON, a_job, a_user
from tests.integration.graphql_api.client import Clock
from tests.integration.graphql_api.live import NOT_FOUND, LiveApi
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import Job, JobError
from trial_reports.users.models import User

ENDED = ("completed", "failed", "cancelled")


def changes(database: Rows, job: Job, **fields: Any) -> None:
    """Change a job's row as a stage does: with the time of the change."""
    row = database["report_jobs"].find_one({"_id": job.id}) or {}
    fields = {"updatedAt": row["updatedAt"] + timedelta(seconds=1), **fields}
    database["report_jobs"].update_one({"_id": job.id}, {"$set": fields})


def test_the_whole_job_comes_at_once_then_each_change_and_the_end(
    live: LiveApi, database: Rows, participant: User, waiting: Job
) -> None:
    with live.signed_in(participant) as socket:
        socket.follow(waiting.id)
        assert socket.told() == {
            "__typename": "Job",
            "id": waiting.id,
            "status": "PENDING",
            "completedAt": None,
            "error": None,
            "reportUrl": None,
            "run": None,
        }

        changes(database, waiting, status="processing", run="run_one")
        assert socket.told()["status"] == "PROCESSING"
        changes(database, waiting, status="completed", completedAt=MONDAY_NOON)
        ended = socket.told()
        assert socket.is_complete()

    assert (ended["status"], ended["completedAt"]) == (
        "COMPLETED",
        "2026-11-23T12:00:00Z",
    )


@pytest.mark.parametrize("status", ENDED)
def test_who_comes_late_is_told_once_how_it_ended(
    live: LiveApi, database: Rows, participant: User, status: str
) -> None:
    why = None if status == "completed" else JobError(code="a_code", message="Why.")
    job = a_job(user_id=participant.id, status=status, error=why)
    database["report_jobs"].insert_one(job.to_row())

    with live.signed_in(participant) as socket:
        socket.follow(job.id)
        assert socket.told()["status"] == status.upper()
        assert socket.is_complete()

    live.until_nobody_follows()


def test_who_comes_back_is_told_how_it_is_now_and_misses_nothing(
    live: LiveApi, database: Rows, participant: User, waiting: Job
) -> None:
    with live.signed_in(participant) as socket:
        socket.follow(waiting.id)
        assert socket.told()["status"] == "PENDING"
    changes(database, waiting, status="processing")

    with live.signed_in(participant) as socket:
        socket.follow(waiting.id)
        assert socket.told()["status"] == "PROCESSING"
        changes(database, waiting, status="failed")
        assert socket.told()["status"] == "FAILED"
        assert socket.is_complete()


def test_two_who_follow_the_same_job_are_both_told(
    live: LiveApi, database: Rows, participant: User, waiting: Job
) -> None:
    with live.signed_in(participant) as early, live.signed_in(participant) as late:
        early.follow(waiting.id)
        assert early.told()["status"] == "PENDING"
        changes(database, waiting, status="processing")
        assert early.told()["status"] == "PROCESSING"
        late.follow(waiting.id)
        assert late.told()["status"] == "PROCESSING"

        changes(database, waiting, status="completed")

        for socket in (early, late):
            assert socket.told()["status"] == "COMPLETED"
            assert socket.is_complete()


@pytest.mark.parametrize("goes", ["says so", "hangs up"])
def test_who_leaves_leaves_nobody_behind(
    live: LiveApi, participant: User, waiting: Job, goes: str
) -> None:
    with live.signed_in(participant) as socket:
        socket.follow(waiting.id)
        socket.told()
        assert live.watch.followers == 1
        if goes == "says so":
            socket.leave()
            live.until_nobody_follows()
            socket.send("ping")
            assert socket.receive() == {"type": "pong"}

    live.until_nobody_follows()


def test_somebody_elses_job_is_told_like_a_missing_one(
    live: LiveApi, database: Rows, waiting: Job
) -> None:
    other = a_user()
    database["users"].insert_one(other.to_row())

    with live.signed_in(other) as socket:
        for job_id in (waiting.id, "job_none"):
            socket.follow(job_id)
            assert socket.told() == NOT_FOUND
            assert socket.is_complete()

    (event,) = database["audit_events"].find({})
    assert (event["action"], event["subject"]) == ("deny", waiting.id)


@pytest.mark.parametrize("loses", ["the membership", "the account"])
def test_who_loses_the_right_between_two_changes_is_told_nothing_more(
    live: LiveApi, database: Rows, waiting: Job, clock: Clock, loses: str
) -> None:
    place = {"study_id": "stu_one", "role": "coordinator", "since": MONDAY_NOON}
    coordinator = a_user(memberships=(place,))
    database["users"].insert_one(coordinator.to_row())

    with live.signed_in(coordinator) as socket:
        socket.follow(waiting.id)
        assert socket.told()["status"] == "PENDING"
        if loses == "the membership":
            ended = {"memberships.0.until": MONDAY_NOON + timedelta(seconds=1)}
            database["users"].update_one({"_id": coordinator.id}, {"$set": ended})
            clock.now = MONDAY_NOON + timedelta(seconds=1)
        else:
            database["users"].delete_one({"_id": coordinator.id})

        changes(database, waiting, status="processing")

        assert socket.told() == NOT_FOUND
        assert socket.is_complete()
    live.until_nobody_follows()
