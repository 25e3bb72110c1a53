"""One loop runs every stage: each job on its own, whatever the others do."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, an_attempt
from trial_reports.errors import (
    Cancelled,
    PermanentError,
    ServiceError,
    TransientError,
)
from trial_reports.jobs.models import Artifact, Attempt, Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.stage import StageResult, StageRunner, Work

DONE = StageResult(Artifact(uri="s3://b/k", sha256="0" * 64, size=1))


class Batch:
    """Planned jobs of one batch, and the runner over them."""

    def __init__(self, database: Database[dict[str, Any]], size: int) -> None:
        self.jobs = Jobs(database)
        self.transitions = Transitions(database)
        self.runner = StageRunner(self.jobs, self.transitions, lambda: MONDAY_NOON)
        planned = sorted((a_job() for _ in range(size)), key=_turn)
        self.ids = [job.id for job in planned]
        self.transitions.create(planned)
        self.transitions.claim("run_one", {}, MONDAY_NOON)
        self.transitions.assign_batches("run_one", dict.fromkeys(self.ids, 0))

    def statuses(self) -> list[str]:
        return [self.job(id_).status for id_ in self.ids]

    def job(self, id_: str) -> Job:
        found = self.jobs.find(id_)
        assert found is not None
        return found


def _turn(job: Job) -> str:
    return job.subscription_id


def fails_for(job_id: str, error: Exception) -> Work:
    def work(job: Job, _attempt: Attempt) -> StageResult:
        if job.id == job_id:
            raise error
        return DONE

    return work


@pytest.fixture
def batch_of(database: Database[dict[str, Any]]) -> Callable[[int], Batch]:
    return lambda size: Batch(database, size)


def test_one_jobs_permanent_error_fails_it_and_nobody_else(
    batch_of: Callable[[int], Batch],
) -> None:
    batch = batch_of(3)
    work = fails_for(batch.ids[1], PermanentError("unreadable", "Cannot be read."))
    with pytest.raises(PermanentError, match=batch.ids[1]):
        batch.runner.run(an_attempt(), 0, work)
    assert batch.statuses() == ["processing", "failed", "processing"]
    error = batch.job(batch.ids[1]).error
    assert error is not None
    assert error.code == "unreadable"


def test_a_transient_error_is_tried_again_for_that_job_only(
    batch_of: Callable[[int], Batch],
) -> None:
    batch = batch_of(2)
    seen: list[str] = []

    def work(job: Job, attempt: Attempt) -> StageResult:
        seen.append(job.id)
        if attempt.number == 1 and job.id == batch.ids[0]:
            raise TransientError("throttled", "Too fast.")
        return DONE

    with pytest.raises(TransientError):
        batch.runner.run(an_attempt(number=1), 0, work)
    batch.runner.run(an_attempt(number=2), 0, work)
    assert seen == [*batch.ids, batch.ids[0]]
    assert batch.statuses() == ["processing", "processing"]


@pytest.mark.parametrize(
    "error", [TransientError("throttled", "Too fast."), ValueError("a diary's words")]
)
def test_on_the_last_try_what_is_left_fails_with_a_dead_letter(
    batch_of: Callable[[int], Batch], error: Exception
) -> None:
    batch = batch_of(2)
    with pytest.raises(PermanentError):
        batch.runner.run(an_attempt(last=True), 0, fails_for(batch.ids[0], error))
    failed = batch.job(batch.ids[0])
    assert failed.status == "failed"
    assert failed.dead_letter is not None


def test_a_bugs_message_goes_nowhere(
    batch_of: Callable[[int], Batch], caplog: pytest.LogCaptureFixture
) -> None:
    batch = batch_of(1)
    bug = ValueError("invalid literal: 'Quarzfalter felt dizzy'")
    with pytest.raises(PermanentError) as raised:
        batch.runner.run(an_attempt(last=True), 0, fails_for(batch.ids[0], bug))
    error = batch.job(batch.ids[0]).error
    assert error is not None
    assert error.code == "internal_error"
    assert "ValueError" in error.message
    told = [error.message, caplog.text, str(raised.value), repr(raised.value)]
    assert not [text for text in told if "Quarzfalter" in text]


def test_a_service_that_refuses_everybody_marks_no_job_and_is_soon_left_alone(
    batch_of: Callable[[int], Batch],
) -> None:
    batch = batch_of(5)
    asked: list[str] = []

    def refused(job: Job, _attempt: Attempt) -> StageResult:
        asked.append(job.id)
        raise ServiceError("refused", "401")

    with pytest.raises(ServiceError):
        batch.runner.run(an_attempt(last=True), 0, refused)
    assert len(asked) == 3
    assert not {"failed", "completed"} & set(batch.statuses())
    batch.runner.run(an_attempt(last=True), 0, lambda *_: DONE)
    assert all("fetch" in batch.job(id_).stages for id_ in batch.ids)


def test_what_is_refused_for_one_job_does_not_hold_up_the_others(
    batch_of: Callable[[int], Batch],
) -> None:
    batch = batch_of(3)
    work = fails_for(batch.ids[0], ServiceError("refused", "no such bucket"))
    with pytest.raises(TransientError):
        batch.runner.run(an_attempt(), 0, work)
    assert ["fetch" in batch.job(id_).stages for id_ in batch.ids] == [
        False,
        True,
        True,
    ]


def test_a_cancelled_job_is_no_failure(batch_of: Callable[[int], Batch]) -> None:
    batch = batch_of(2)
    work = fails_for(batch.ids[0], Cancelled("withdrawn", "Left the study."))
    summary = batch.runner.run(an_attempt(), 0, work)
    assert summary.cancelled == [batch.ids[0]]
    assert batch.statuses() == ["cancelled", "processing"]


def test_a_job_that_kills_its_worker_twice_fails_alone(
    batch_of: Callable[[int], Batch],
) -> None:
    batch = batch_of(2)
    poison = batch.ids[0]

    class WorkerDiedError(BaseException):
        """What a SIGKILL looks like to the database: nothing more is written."""

    def work(job: Job, _attempt: Attempt) -> StageResult:
        if job.id == poison:
            raise WorkerDiedError
        return DONE

    for number in (1, 2):
        with pytest.raises(WorkerDiedError):
            batch.runner.run(an_attempt(number=number), 0, work)
    with pytest.raises(PermanentError):
        batch.runner.run(an_attempt(number=3), 0, work)
    error = batch.job(poison).error
    assert error is not None
    assert error.code == "worker_died"
    assert batch.statuses() == ["failed", "processing"]


def test_a_stage_with_nothing_to_do_touches_nothing(
    batch_of: Callable[[int], Batch],
) -> None:
    batch = batch_of(1)
    summary = batch.runner.run(an_attempt("render"), 0, lambda *_: DONE)
    assert not summary.touched
