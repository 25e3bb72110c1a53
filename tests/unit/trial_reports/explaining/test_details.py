"""What a step says: to the reader in a sentence, to an operator in detail."""

from typing import get_args

import pytest

from tests.builders import MONDAY_NOON
from tests.unit.trial_reports.explaining.builders import (
    HOUR,
    TUESDAY,
    a_mail,
    an_event,
    cancelled,
    completed,
    facts,
    failed,
    in_stage,
)
from trial_reports.delivery.controls import Control, Pause
from trial_reports.delivery.models import HANDED_OVER
from trial_reports.explaining.explanation import explain
from trial_reports.jobs.models import Cause, JobError, OpenDeadLetter

AT = MONDAY_NOON + HOUR


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("unsubscribed", ", since your subscription had ended."),
        ("paused", ", since your reports were paused."),
        ("disabled", ", since your reports had been stopped."),
        ("withdrawn", ", since you no longer took part in the study."),
        ("email_not_allowed", ", since we were not allowed to send you e-mail."),
        ("recalled", ", since the study had called back its reports of this week."),
        ("of_tomorrow", "The report was cancelled."),
    ],
)
def test_a_cancelled_report_says_why(code: str, told: str) -> None:
    explanation = explain(facts(job=cancelled(code)))

    assert explanation.verdict == "cancelled"
    (step,) = (s for s in explanation.steps if s.code == "report_cancelled")
    assert step.sentence.endswith(told)
    assert step.detail is not None
    assert step.detail.error_code == code


@pytest.mark.parametrize("cause", get_args(Cause))
def test_an_operator_finds_everything_about_a_dead_letter(cause: Cause) -> None:
    *_, waiting = explain(facts(job=failed(cause=cause))).steps

    detail = waiting.detail
    assert detail is not None
    assert detail.note
    assert (detail.stage, detail.run_id, detail.batch) == ("render", "run_one", 3)
    assert (detail.dead_letter_id, detail.cause) == ("dl_one", cause)
    assert (detail.try_number, detail.round, detail.tries) == (5, 4, 7)
    assert detail.error_code == "render_out_of_time"
    assert detail.log_url == "http://airflow.example/log"


def test_an_operator_finds_who_paused_and_what_the_ledger_says() -> None:
    pause = Pause(by="olivia", reason="a storm", at=MONDAY_NOON)
    known = facts(job=in_stage("fetch"), controls=(Control(id="all", pause=pause),))
    *_, paused = explain(known).steps
    known = facts(job=completed(), deliveries=(a_mail("delivered"),))
    *_, delivered = explain(known).steps

    assert paused.detail is not None
    assert (paused.detail.by, paused.detail.reason) == ("olivia", "a storm")
    assert delivered.detail is not None
    assert delivered.detail.delivery_status == "delivered"
    assert (delivered.detail.send_no, delivered.detail.claimed_at) == (0, AT)
    assert delivered.detail.provider_message_id == "msg_one"


def test_participants_are_told_the_same_without_details() -> None:
    explanation = explain(facts(job=failed()))
    theirs = explanation.for_participants()

    assert [s.sentence for s in theirs.steps] == [s.sentence for s in explanation.steps]
    assert any(step.detail for step in explanation.steps)
    assert not any(step.detail for step in theirs.steps)
    for internal in ("dl_one", "run_one", "airflow", "It took too long."):
        assert internal not in repr(theirs)


def test_a_report_says_its_pages_and_its_cut_off() -> None:
    known = facts(job=completed(), deliveries=(a_mail("accepted"),))
    told = {step.code: step.sentence for step in explain(known).steps}

    assert told["report_made"] == (
        "The report was made on Monday 23 November 2026 at 12:00, with 6 pages, "
        "from what had reached us by Monday 23 November 2026 at 12:00."
    )
    assert told["mail_accepted"] == (
        "The mail was handed to the mail provider on Monday 23 November 2026 at 13:00."
    )


@pytest.mark.parametrize(
    ("hard", "told"), [(True, "does not take mail"), (False, "turned away this time")]
)
def test_a_bounce_says_whether_it_is_for_good(hard: bool, told: str) -> None:
    bounce = an_event("bounce", hard=hard)
    known = facts(job=completed(), deliveries=(a_mail("bounced"),), events=(bounce,))

    assert told in explain(known).steps[-1].sentence


def test_events_of_another_send_are_told_of_that_one() -> None:
    known = facts(
        job=completed(send_no=1),
        deliveries=(a_mail("bounced"), a_mail("delivered", send_no=1)),
        events=(an_event("bounce"), an_event("delivered", send_no=1)),
    )
    explanation = explain(known)
    numbers = {s.code: s.detail.send_no for s in explanation.steps if s.detail}

    assert explanation.verdict == "delivered"
    assert (numbers["mail_bounced"], numbers["mail_delivered"]) == (0, 1)


def test_a_failed_report_whose_mail_turns_up_after_all_is_sent() -> None:
    job = failed("delivery_unknown", stage="email", cause="delivery")

    for status in HANDED_OVER:
        known = facts(job=job, deliveries=(a_mail(status),))
        assert explain(known).verdict == {"accepted": "sent"}.get(status, status)


def test_a_failed_rerun_leaves_the_report_that_was_sent() -> None:
    stages = completed().stages
    again = stages["render"].model_copy(update={"outcome": "failed"})
    job = completed(stages={**stages, "render": again})
    explanation = explain(facts(job=job, deliveries=(a_mail("delivered"),)))

    assert explanation.verdict == "delivered"
    (step,) = (s for s in explanation.steps if s.code == "report_failed")
    assert step.sentence.endswith("the earlier one stays.")


def test_a_job_that_failed_twice_tells_of_the_first_and_the_last_time() -> None:
    job = failed().model_copy(
        update={
            "failures": 2,
            "first_failed_at": MONDAY_NOON,
            "error": JobError(code="worker_died", message="It died."),
            "dead_letter": OpenDeadLetter(
                id="dl_two", stage="fetch", failed_at=TUESDAY - HOUR, cause="crash"
            ),
        }
    )
    times = [s.at for s in explain(facts(job=job)).steps if s.code == "report_failed"]

    assert times == [MONDAY_NOON, TUESDAY - HOUR]
