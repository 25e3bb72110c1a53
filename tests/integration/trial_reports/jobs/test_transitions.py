"""One verb, one compare-and-set: late, repeated and twin callers change nothing."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, an_attempt
from trial_reports.jobs.models import (
    Artifact,
    Attempt,
    Failure,
    Job,
    JobError,
    OpenDeadLetter,
    Report,
)
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

NOW = MONDAY_NOON
LATER = NOW + timedelta(minutes=5)
BROKEN = Failure(code="broken", message="It broke.", cause="permanent")
ARTIFACT = Artifact(uri="s3://b/k", sha256="0" * 64, size=1)


@pytest.fixture
def jobs(database: Database[dict[str, Any]]) -> Jobs:
    return Jobs(database)


@pytest.fixture
def transitions(database: Database[dict[str, Any]]) -> Transitions:
    return Transitions(database)


def planned(transitions: Transitions, jobs: Jobs, run: str = "run_one") -> Job:
    """Return a job that a run owns, in batch 0."""
    job = a_job()
    transitions.create([job])
    transitions.claim(run, {"_id": job.id}, NOW)
    transitions.assign_batches(run, {job.id: 0})
    return fresh(jobs, job)


def fresh(jobs: Jobs, job: Job) -> Job:
    found = jobs.find(job.id)
    assert found is not None
    return found


def run_stage(transitions: Transitions, jobs: Jobs, job: Job, attempt: Attempt) -> Job:
    begun = transitions.begin(fresh(jobs, job), attempt, NOW)
    assert begun is not None
    assert transitions.finish(begun, attempt, NOW, artifact=ARTIFACT)
    return fresh(jobs, job)


def completed(transitions: Transitions, jobs: Jobs) -> Job:
    job = planned(transitions, jobs)
    for stage in ("fetch", "aggregate", "render", "email"):
        job = run_stage(transitions, jobs, job, an_attempt(stage))
    assert job.status == "completed"
    return job


def test_creating_a_job_twice_is_one_job(transitions: Transitions) -> None:
    job = a_job()
    assert transitions.create([job]) == 1
    assert transitions.create([job]) == 0


def test_two_runs_never_own_the_same_job(transitions: Transitions, jobs: Jobs) -> None:
    job = planned(transitions, jobs, "run_one")
    assert transitions.claim("run_two", {}, NOW) == 0
    assert fresh(jobs, job).run == "run_one"


def test_a_finished_stage_is_not_due_again_in_its_round(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    run_stage(transitions, jobs, job, an_attempt(number=1))
    assert jobs.due(an_attempt(number=2), 0) == []
    assert [j.id for j in jobs.due(an_attempt("aggregate"), 0)] == [job.id]


def test_of_two_twins_only_the_first_finishes(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    attempt = an_attempt()
    one = transitions.begin(job, attempt, NOW)
    two = transitions.begin(fresh(jobs, job), attempt, NOW)
    assert one is not None
    assert two is not None
    assert transitions.finish(one, attempt, NOW, artifact=ARTIFACT)
    other = ARTIFACT.model_copy(update={"uri": "s3://b/other"})
    assert not transitions.finish(two, attempt, LATER, artifact=other)
    assert fresh(jobs, job).artifact_of("fetch") == ARTIFACT
    assert transitions.fail(two, attempt, BROKEN, LATER) is None
    assert fresh(jobs, job).status == "processing"


def test_a_failure_opens_one_dead_letter_in_the_same_write(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    attempt = an_attempt()
    begun = transitions.begin(job, attempt, NOW)
    assert begun is not None
    letter = transitions.fail(begun, attempt, BROKEN, NOW)
    assert transitions.fail(begun, attempt, BROKEN, LATER) is None
    failed = fresh(jobs, job)
    told = JobError(code="broken", message="It broke.")
    assert (failed.status, failed.error, failed.failures) == ("failed", told, 1)
    assert failed.dead_letter is not None
    assert failed.dead_letter.id == letter
    assert [j.id for j in jobs.unsent_dead_letters()] == [job.id]
    assert transitions.mark_sent(job.id, letter or "", NOW)
    assert not transitions.mark_sent(job.id, letter or "", LATER)
    assert list(jobs.unsent_dead_letters()) == []


def test_an_open_letter_keeps_what_only_the_try_knew(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    attempt = an_attempt(number=3, round=4, log_url="http://airflow.test/log")
    begun = transitions.begin(job, attempt, NOW)
    assert begun is not None
    letter = transitions.fail(begun, attempt, BROKEN, NOW)
    assert fresh(jobs, job).dead_letter == OpenDeadLetter(
        id=letter or "",
        stage="fetch",
        batch=0,
        try_number=3,
        round=4,
        cause="permanent",
        failed_at=NOW,
        log_url="http://airflow.test/log",
    )


def test_a_failure_that_comes_back_says_how_often_and_since_when(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    for number, now in ((1, NOW), (2, LATER)):
        attempt = an_attempt(round=number)
        begun = transitions.begin(fresh(jobs, job), attempt, now)
        assert begun is not None
        assert transitions.fail(begun, attempt, BROKEN, now)
    failed = fresh(jobs, job)
    assert failed.error is not None
    assert failed.error.message == "It broke. It has failed 2 times."
    assert (failed.failures, failed.first_failed_at) == (2, NOW)


def test_a_failure_seen_before_another_one_is_not_counted_again(
    transitions: Transitions, jobs: Jobs
) -> None:
    stale = planned(transitions, jobs)
    begun = transitions.begin(stale, an_attempt(), NOW)
    assert begun is not None
    transitions.fail(begun, an_attempt(), BROKEN, NOW)
    assert transitions.begin(fresh(jobs, stale), an_attempt(round=4), LATER)
    assert transitions.give_up(stale, "fetch", BROKEN, LATER) is None
    assert fresh(jobs, stale).status == "processing"


def test_a_clear_takes_a_failed_job_up_again_and_closes_its_letter(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    begun = transitions.begin(job, an_attempt(), NOW)
    assert begun is not None
    transitions.fail(begun, an_attempt(), BROKEN, NOW)
    assert jobs.due(an_attempt(number=2), 0) == []
    again = an_attempt(round=4)
    assert [j.id for j in jobs.due(again, 0)] == [job.id]
    reopened = transitions.begin(fresh(jobs, job), again, LATER)
    assert reopened is not None
    assert (reopened.status, reopened.error, reopened.dead_letter) == (
        "processing",
        None,
        None,
    )


def test_a_clear_after_failures_means_only_the_failed_jobs(
    transitions: Transitions, jobs: Jobs
) -> None:
    good, bad = planned(transitions, jobs), planned(transitions, jobs)
    run_stage(transitions, jobs, good, an_attempt())
    begun = transitions.begin(bad, an_attempt(), NOW)
    assert begun is not None
    transitions.fail(begun, an_attempt(), BROKEN, NOW)
    again = an_attempt(round=4)
    transitions.carry_over(again, 0)
    assert [j.id for j in jobs.due(again, 0)] == [bad.id]


def test_a_clear_after_success_means_the_whole_batch(
    transitions: Transitions, jobs: Jobs
) -> None:
    batch = [planned(transitions, jobs), planned(transitions, jobs)]
    for job in batch:
        run_stage(transitions, jobs, job, an_attempt())
    again = an_attempt(round=3)
    transitions.carry_over(again, 0)
    assert {j.id for j in jobs.due(again, 0)} == {j.id for j in batch}


def test_making_a_completed_report_anew_keeps_it_completed_even_if_that_fails(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = completed(transitions, jobs)
    again = an_attempt("render", round=3)
    begun = transitions.begin(job, again, LATER)
    assert begun is not None
    assert begun.status == "completed"
    assert transitions.fail(begun, again, BROKEN, LATER) is None
    after = fresh(jobs, job)
    assert (after.status, after.dead_letter) == ("completed", None)
    assert [j.id for j in jobs.failed_in(again, 0)] == [job.id]


def test_a_new_report_replaces_the_last_good_one_only_when_it_is_stored(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    for stage in ("fetch", "aggregate"):
        run_stage(transitions, jobs, job, an_attempt(stage))
    attempt = an_attempt("render")
    begun = transitions.begin(fresh(jobs, job), attempt, NOW)
    assert begun is not None
    assert begun.report is None
    report = Report(artifact=ARTIFACT, pages=3, cut_off=NOW, made_at=NOW)
    transitions.finish(begun, attempt, NOW, artifact=ARTIFACT, report=report)
    assert fresh(jobs, job).report == report


def test_a_cancelled_job_has_a_reason_and_no_dead_letter(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    begun = transitions.begin(job, an_attempt(), NOW)
    assert begun is not None
    reason = JobError(code="withdrawn", message="Left the study.")
    assert transitions.cancel(begun, an_attempt(), reason, NOW)
    ended = fresh(jobs, job)
    assert (ended.status, ended.error, ended.dead_letter) == ("cancelled", reason, None)
    assert jobs.due(an_attempt("aggregate"), 0) == []
    assert jobs.due(an_attempt(round=5), 0) == []


def test_a_released_orphan_keeps_what_it_finished(
    transitions: Transitions, jobs: Jobs
) -> None:
    job = planned(transitions, jobs)
    job = run_stage(transitions, jobs, job, an_attempt("fetch"))
    assert transitions.release(job, LATER)
    assert not transitions.release(job, LATER)
    assert transitions.claim("run_two", {}, LATER) == 1
    transitions.assign_batches("run_two", {job.id: 0})
    assert jobs.due(an_attempt("fetch", run="run_two"), 0) == []
    assert [j.id for j in jobs.due(an_attempt("aggregate", run="run_two"), 0)] == [
        job.id
    ]


def test_a_job_that_killed_its_worker_is_done_last(
    transitions: Transitions, jobs: Jobs
) -> None:
    batch = sorted([planned(transitions, jobs), planned(transitions, jobs)], key=_id)
    transitions.begin(batch[0], an_attempt(), NOW)
    due = jobs.due(an_attempt(number=2), 0)
    assert [j.id for j in due] == [batch[1].id, batch[0].id]
    assert due[-1].work is not None
    assert due[-1].work.begun == 1


def _id(job: Job) -> str:
    return job.id
