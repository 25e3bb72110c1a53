"""A week whose mail was tried: what became of it, and of what it leads to."""

import pytest

from tests.builders import MONDAY_NOON
from tests.unit.trial_reports.explaining.builders import (
    DAY,
    HOUR,
    REPORT,
    TUESDAY,
    a_decided,
    a_link,
    a_mail,
    a_recall,
    a_week_job,
    an_event,
    assert_explained,
    cancelled,
    completed,
    facts,
    failed,
    in_stage,
    reader,
    records,
)
from trial_reports.explaining.facts import DeliveryFacts

START = ["subscribed", "week_ended", "report_planned"]
MADE = [*START, "records_gathered", "week_summed_up", "report_made"]
AT = MONDAY_NOON + HOUR
TO_SEND = in_stage("email", "fetch", "aggregate", "render", report=REPORT)

CASES: dict[str, tuple[DeliveryFacts, str, list[str]]] = {
    "a mail is being sent": (
        facts(job=TO_SEND, deliveries=(a_mail("claimed"),)),
        "on_its_way",
        [*MADE, "mail_claimed", "in_stage"],
    ),
    "a mail was not taken": (
        facts(job=TO_SEND, deliveries=(a_mail("released"),)),
        "on_its_way",
        [*MADE, "mail_released", "in_stage"],
    ),
    "a mail was refused": (
        facts(
            job=failed("mail_refused", stage="email"),
            deliveries=(a_mail("refused"),),
        ),
        "failed",
        [*START, "mail_refused", "report_failed", "waiting_for_operator"],
    ),
    "nobody knows about a mail, and its run goes on": (
        facts(job=TO_SEND, deliveries=(a_mail("unknown"),)),
        "unknown",
        [*MADE, "mail_unknown"],
    ),
    "nobody knows about a mail": (
        facts(
            job=failed("delivery_unknown", stage="email", cause="delivery"),
            deliveries=(a_mail("unknown"),),
        ),
        "unknown",
        [*START, "mail_unknown", "report_failed", "waiting_for_operator"],
    ),
    "accepted": (
        facts(job=completed(), deliveries=(a_mail("accepted"),)),
        "sent",
        [*MADE, "mail_accepted"],
    ),
    "told to come later": (
        facts(
            job=completed(),
            deliveries=(a_mail("accepted"),),
            events=(an_event("processed"), an_event("deferred"), an_event("deferred")),
        ),
        "sent",
        [*MADE, "mail_accepted", "mail_deferred"],
    ),
    "delivered": (
        facts(
            job=completed(),
            deliveries=(a_mail("delivered"),),
            events=(an_event("processed"), an_event("delivered")),
        ),
        "delivered",
        [*MADE, "mail_accepted", "mail_delivered"],
    ),
    "bounced after it had been delivered": (
        facts(
            job=completed(),
            deliveries=(a_mail("bounced"),),
            events=(
                an_event("delivered"),
                an_event("bounce", hard=True, at=MONDAY_NOON + 3 * HOUR),
            ),
        ),
        "bounced",
        [*MADE, "mail_accepted", "mail_delivered", "mail_bounced"],
    ),
    "dropped, known by the ledger alone": (
        facts(job=completed(), deliveries=(a_mail("dropped"),)),
        "dropped",
        [*MADE, "mail_accepted", "mail_dropped"],
    ),
    "complained": (
        facts(
            job=completed(),
            deliveries=(a_mail("complained"),),
            events=(an_event("spamreport"),),
        ),
        "complained",
        [*MADE, "mail_accepted", "mail_complained"],
    ),
    "mailed once more": (
        facts(
            job=completed(send_no=1),
            deliveries=(a_mail("bounced"), a_mail("accepted", send_no=1)),
            decisions=(
                a_decided("resend_report", a_week_job().id, AT + HOUR, send_no=1),
            ),
        ),
        "sent",
        [*MADE, "mail_accepted", "mail_bounced", "mail_accepted", "resend_decided"],
    ),
    "to be mailed once more": (
        facts(
            job=a_week_job(
                send_no=1,
                stages=records("fetch", "aggregate", "render"),
                report=REPORT,
                attempts=4,
            ),
            deliveries=(a_mail("unknown"),),
            decisions=(a_decided("settle_delivery", a_week_job().id, AT + HOUR),),
        ),
        "waiting",
        [*MADE, "mail_unknown", "mail_settled", "waiting_for_run"],
    ),
    "made anew": (
        facts(
            job=a_week_job(run="run_two", report=REPORT),
            deliveries=(a_mail("delivered"),),
        ),
        "delivered",
        [
            *START,
            "report_made",
            "mail_accepted",
            "mail_delivered",
            "waiting_for_stage",
            "made_anew",
        ],
    ),
    "recalled after the mail": (
        facts(
            job=completed(),
            deliveries=(a_mail("accepted"),),
            recall=a_recall(),
            link=a_link(revoked_at=AT),
        ),
        "recalled",
        [*MADE, "mail_accepted", "report_recalled"],
    ),
    "recalled before the mail": (
        facts(job=cancelled("recalled"), recall=a_recall(recalled_at=AT)),
        "recalled",
        [*START, "report_recalled", "report_cancelled"],
    ),
    "made again after a recall": (
        facts(
            job=completed(report=REPORT.model_copy(update={"made_at": TUESDAY - HOUR})),
            deliveries=(a_mail("accepted"),),
            recall=a_recall(lifted_at=MONDAY_NOON + 4 * HOUR),
        ),
        "sent",
        [
            *START,
            "records_gathered",
            "week_summed_up",
            "mail_accepted",
            "report_recalled",
            "recall_lifted",
            "report_made",
        ],
    ),
    "the link has expired": (
        facts(
            job=completed(),
            deliveries=(a_mail("delivered"),),
            link=a_link(),
            now=MONDAY_NOON + 90 * DAY,
        ),
        "delivered",
        [*MADE, "mail_accepted", "mail_delivered", "link_expired"],
    ),
    "the link was closed": (
        facts(
            job=completed(),
            deliveries=(a_mail("accepted"),),
            link=a_link(revoked_at=AT),
        ),
        "sent",
        [*MADE, "mail_accepted", "link_closed"],
    ),
    "the address has changed": (
        facts(
            job=completed(),
            user=reader(email="new@example.org"),
            deliveries=(a_mail("accepted"),),
            link=a_link(),
        ),
        "sent",
        [*MADE, "mail_accepted", "link_address_changed"],
    ),
}


@pytest.mark.parametrize(("known", "verdict", "steps"), CASES.values(), ids=CASES)
def test_a_week_whose_mail_was_tried(
    known: DeliveryFacts, verdict: str, steps: list[str]
) -> None:
    assert_explained(known, verdict, steps)
