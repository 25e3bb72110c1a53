"""What people decide about jobs, on a real database: each decision counts once."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, a_job, an_attempt
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import (
    DELIVERY_UNKNOWN,
    STAGES,
    Artifact,
    Failure,
    Job,
    JobError,
    Stage,
)
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

NOW = MONDAY_NOON
BROKEN = Failure(code="broken", message="It broke.", cause="permanent")
UNKNOWN = Failure(code=DELIVERY_UNKNOWN, message="Nobody knows.", cause="delivery")
RECALLED = JobError(code="recalled", message="Recalled.")
ENDED = JobError(code="unsubscribed", message="Ended.")
ARTIFACT = Artifact(uri="s3://bucket/a", sha256="0" * 64, size=1)


class Work:
    """Jobs of one run, and every verb about them."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.jobs = Jobs(database)
        self.transitions = Transitions(database)
        self.decisions = Decisions(database)

    def planned(self, **changes: Any) -> Job:
        job = a_job(**changes)
        self.transitions.create([job])
        self.own(job, "run_one")
        return self.fresh(job)

    def own(self, job: Job, run: str) -> None:
        self.transitions.claim(run, {"_id": job.id}, NOW)
        self.transitions.assign_batches(run, {job.id: 0})

    def fresh(self, job: Job) -> Job:
        found = self.jobs.find(job.id)
        assert found is not None
        return found

    def done_until(self, stage: Stage, **changes: Any) -> Job:
        """Return a job whose stages are done, up to this one and with it."""
        job = self.planned(**changes)
        for done in STAGES[: STAGES.index(stage) + 1]:
            begun = self.transitions.begin(self.fresh(job), an_attempt(done), NOW)
            assert begun is not None
            self.transitions.finish(begun, an_attempt(done), NOW, artifact=ARTIFACT)
        return self.fresh(job)

    def failed(self, why: Failure, stage: Stage = "aggregate") -> Job:
        before = STAGES[STAGES.index(stage) - 1]
        job = self.done_until(before)
        begun = self.transitions.begin(job, an_attempt(stage), NOW)
        assert begun is not None
        self.transitions.fail(begun, an_attempt(stage), why, NOW)
        return self.fresh(job)

    def due(self, stage: Stage, run: str) -> list[str]:
        attempt = an_attempt(stage, run=run)
        return [job.id for job in self.jobs.due(attempt, 0)]


@pytest.fixture
def work(database: Database[dict[str, Any]]) -> Work:
    return Work(database)


def letter_of(job: Job) -> str:
    assert job.dead_letter is not None
    return job.dead_letter.id


def test_a_redrive_starts_where_the_job_failed_and_only_once(work: Work) -> None:
    job = work.failed(BROKEN, "aggregate")
    assert not work.decisions.redrive(job, "dl_another", NOW)
    assert work.decisions.redrive(job, letter_of(job), NOW)
    assert not work.decisions.redrive(job, letter_of(job), NOW)
    work.own(job, "run_two")
    assert work.due("fetch", "run_two") == []
    assert work.due("aggregate", "run_two") == [job.id]


def test_a_late_plan_does_not_undo_what_another_run_has_finished(work: Work) -> None:
    job = work.done_until("email")
    assert work.decisions.reopen("run_two", [job.id], NOW) == 1
    # Another run takes it up and finishes it, before the plan is tried again.
    work.own(job, "run_three")
    for stage in STAGES:
        attempt = an_attempt(stage, run="run_three")
        begun = work.transitions.begin(work.fresh(job), attempt, NOW)
        assert begun is not None
        work.transitions.finish(begun, attempt, NOW, artifact=ARTIFACT)
    assert work.decisions.reopen("run_two", [job.id], NOW) == 0
    assert work.fresh(job).status == "completed"
    assert work.decisions.reopen("run_four", [job.id], NOW) == 1


def test_a_resend_mails_the_same_pdf_once_more_under_the_next_number(
    work: Work,
) -> None:
    job = work.done_until("email")
    assert work.decisions.resend(job, "dec_one", NOW)
    assert not work.decisions.resend(job, "dec_one", NOW)
    again = work.fresh(job)
    assert (again.status, again.run, again.send_no) == ("pending", None, 1)
    assert again.stages.keys() == {"fetch", "aggregate", "render"}
    work.own(job, "run_two")
    assert work.due("render", "run_two") == []
    assert work.due("email", "run_two") == [job.id]


def test_a_resend_that_is_repeated_after_it_was_sent_mails_nothing_more(
    work: Work,
) -> None:
    job = work.done_until("email")
    assert work.decisions.resend(job, "dec_one", NOW)
    work.own(job, "run_two")
    attempt = an_attempt("email", run="run_two")
    begun = work.transitions.begin(work.fresh(job), attempt, NOW)
    assert begun is not None
    work.transitions.finish(begun, attempt, NOW)
    assert not work.decisions.resend(work.fresh(job), "dec_one", NOW)
    assert work.decisions.resend(work.fresh(job), "dec_two", NOW)
    assert work.fresh(job).send_no == 2


def test_only_a_completed_job_is_resent(work: Work) -> None:
    assert not work.decisions.resend(work.planned(), "dec_one", NOW)
    assert not work.decisions.resend(work.failed(BROKEN), "dec_one", NOW)


def test_a_mail_that_arrived_after_all_completes_its_job_and_closes_its_letter(
    work: Work,
) -> None:
    job = work.failed(UNKNOWN, "email")
    assert work.decisions.confirm_mail(job, NOW)
    assert not work.decisions.confirm_mail(job, NOW)
    known = work.fresh(job)
    assert (known.status, known.error, known.dead_letter) == ("completed", None, None)
    assert known.completed_at == NOW


def test_a_failure_that_is_known_is_not_confirmed_away(work: Work) -> None:
    job = work.failed(BROKEN, "email")
    assert not work.decisions.confirm_mail(job, NOW)
    assert not work.decisions.send_again(job, letter_of(job), "dec_one", NOW)
    assert work.fresh(job).status == "failed"


def test_a_mail_that_did_not_arrive_is_sent_under_the_next_number(work: Work) -> None:
    job = work.failed(UNKNOWN, "email")
    assert work.decisions.send_again(job, letter_of(job), "dec_one", NOW)
    assert not work.decisions.send_again(job, letter_of(job), "dec_one", NOW)
    again = work.fresh(job)
    assert (again.status, again.send_no, again.dead_letter) == ("pending", 1, None)
    assert "email" not in again.stages


def test_a_recall_cancels_what_is_not_completed_of_one_study_and_week_only(
    work: Work,
) -> None:
    sent = work.done_until("email")
    waiting, failed = work.done_until("fetch"), work.failed(BROKEN)
    elsewhere = work.planned(study_id="stu_two")
    another_week = work.planned(period=PERIOD.earlier(1))
    count = work.decisions.cancel_period("stu_one", PERIOD.key, RECALLED, NOW)
    assert count == 2
    assert [work.fresh(job).status for job in (sent, waiting, failed)] == [
        "completed",
        "cancelled",
        "cancelled",
    ]
    assert work.fresh(failed).dead_letter is None
    assert work.fresh(elsewhere).status == "pending"
    assert work.fresh(another_week).status == "pending"


def test_who_leaves_gets_nothing_more_of_what_was_not_sent(work: Work) -> None:
    sent = work.done_until("email", subscription_id="sub_one")
    waiting = work.done_until(
        "fetch", subscription_id="sub_one", period=PERIOD.earlier(1)
    )
    somebody_elses = work.planned()

    assert work.decisions.cancel_of_subscription("sub_one", ENDED, NOW) == 1
    assert work.decisions.cancel_of_subscription("sub_one", ENDED, NOW) == 0

    ended = work.fresh(waiting)
    assert (ended.status, ended.error, ended.completed_at) == ("cancelled", ENDED, NOW)
    assert work.due("aggregate", "run_one") == []
    assert work.fresh(sent).status == "completed"
    assert work.fresh(somebody_elses).status == "pending"


def test_the_dead_letter_of_who_leaves_is_closed(work: Work) -> None:
    failed = work.failed(BROKEN)

    assert work.decisions.cancel_of_subscription(failed.subscription_id, ENDED, NOW)

    assert work.fresh(failed).dead_letter is None
    assert not work.decisions.redrive(failed, letter_of(failed), NOW)


def test_a_mail_that_may_be_on_its_way_keeps_its_truth(work: Work) -> None:
    unknown = work.failed(UNKNOWN, "email")
    sending = work.done_until("render")
    work.transitions.begin(sending, an_attempt("email"), NOW)

    for job in (unknown, sending):
        assert not work.decisions.cancel_of_subscription(
            job.subscription_id, ENDED, NOW
        )

    assert work.decisions.confirm_mail(unknown, NOW)
    assert work.transitions.finish(work.fresh(sending), an_attempt("email"), NOW)
    assert work.fresh(sending).status == "completed"
