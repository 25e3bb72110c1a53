"""A week with a job: where its report is, and why it is not further."""

import pytest

from tests.builders import MONDAY_NOON
from tests.unit.trial_reports.explaining.builders import (
    HOUR,
    PLANNED,
    REPORT,
    TUESDAY,
    a_decided,
    a_week_job,
    assert_explained,
    facts,
    failed,
    in_stage,
)
from trial_reports.delivery.controls import Control, Pause
from trial_reports.explaining.facts import DeliveryFacts

START = ["subscribed", "week_ended", "report_planned"]
MADE = [*START, "records_gathered", "week_summed_up", "report_made"]
AT = MONDAY_NOON + HOUR
BY_A_PERSON = Pause(by="olivia", reason="a storm", at=MONDAY_NOON)
BY_OURSELVES = Pause(by="delivery", reason="5 refused", at=MONDAY_NOON, automatic=True)
TO_SEND = in_stage("email", "fetch", "aggregate", "render", report=REPORT)
REQUEUED = {"status": "pending", "run": None, "failures": 1, "first_failed_at": AT}

CASES: dict[str, tuple[DeliveryFacts, str, list[str]]] = {
    "no run has it": (
        facts(job=a_week_job()),
        "waiting",
        [*START, "waiting_for_run"],
    ),
    "it was asked for": (
        facts(job=a_week_job(reason="requested")),
        "waiting",
        ["subscribed", "week_ended", "report_requested", "waiting_for_run"],
    ),
    "a run has it": (
        facts(job=a_week_job(run="run_one", batch=3)),
        "on_its_way",
        [*START, "waiting_for_stage"],
    ),
    "in a stage": (
        facts(job=in_stage("aggregate", "fetch")),
        "on_its_way",
        [*START, "records_gathered", "in_stage"],
    ),
    "tried again": (
        facts(job=in_stage("aggregate", "fetch", attempts=4)),
        "on_its_way",
        [*START, "records_gathered", "in_stage", "tried_again"],
    ),
    "made anew from the beginning, before any mail": (
        facts(job=in_stage("fetch", attempts=4, reopened_by=("run_two",))),
        "on_its_way",
        [*START, "in_stage"],
    ),
    "paused meanwhile": (
        facts(
            job=in_stage("fetch"),
            subscription=PLANNED.model_copy(update={"status": "paused"}),
        ),
        "cancelled",
        [*START, "in_stage", "paused"],
    ),
    "failed": (
        facts(job=failed()),
        "failed",
        [*START, "report_failed", "waiting_for_operator"],
    ),
    "redriven": (
        facts(
            job=a_week_job(**REQUEUED),
            decisions=(a_decided("redrive", a_week_job().id, TUESDAY - HOUR),),
        ),
        "waiting",
        [*START, "report_failed", "report_redriven", "waiting_for_run"],
    ),
    "delivery is paused by a person": (
        facts(job=TO_SEND, controls=(Control(id="all", pause=BY_A_PERSON),)),
        "waiting",
        [*MADE, "in_stage", "delivery_paused"],
    ),
    "delivery is paused by itself": (
        facts(
            job=TO_SEND,
            controls=(Control(id="all", pause=BY_OURSELVES, not_before=TUESDAY),),
        ),
        "waiting",
        [*MADE, "in_stage", "delivery_paused"],
    ),
    "the provider wants a rest": (
        facts(job=TO_SEND, controls=(Control(id="all", not_before=TUESDAY + HOUR),)),
        "waiting",
        [*MADE, "in_stage", "delivery_resting"],
    ),
    "the rest is over": (
        facts(job=TO_SEND, controls=(Control(id="all", not_before=TUESDAY),)),
        "on_its_way",
        [*MADE, "in_stage"],
    ),
    "delivery is paused long before the mail": (
        facts(
            job=in_stage("fetch"),
            controls=(Control(id="stu_one", pause=BY_A_PERSON),),
        ),
        "on_its_way",
        [*START, "in_stage", "delivery_paused"],
    ),
}


@pytest.mark.parametrize(("known", "verdict", "steps"), CASES.values(), ids=CASES)
def test_a_week_whose_report_is_on_its_way(
    known: DeliveryFacts, verdict: str, steps: list[str]
) -> None:
    assert_explained(known, verdict, steps)
