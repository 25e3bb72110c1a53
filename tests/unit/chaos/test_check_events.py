"""Each promise about events, broken by hand."""

from dataclasses import replace
from typing import Any

import pytest

from local_stack.mailbox.fates import events_of
from local_stack.mailbox.messages import Message
from tests.builders import MONDAY_NOON, a_job, a_subscription, a_user
from tests.chaos.check_events import News, event_violations
from tests.chaos.decisions import arrived
from trial_reports.delivery.models import Claim, Delivery, DeliveryStatus
from trial_reports.users.models import MailHistory

ADA = a_user(email="ada@example.org")
BEA = a_user(email="bounces.bea@example.org")
BEA_TOLD = BEA.model_copy(
    update={"mail_histories": {BEA.address_key: MailHistory(mail_bounced=MONDAY_NOON)}}
)
SUBSCRIBED = a_subscription(ADA)
DISABLED = a_subscription(BEA, status="disabled", disabled_reason="mail_bounced")


def mail(job: str, recipient: str) -> Message:
    return Message(
        id=f"{job}.0",
        request_id=job,
        received_at=MONDAY_NOON,
        sender="reports@study.example",
        recipient=recipient,
        subject="A report",
        custom_args={"jobId": job, "sendNo": "0"},
    )


def delivery(job: str, status: DeliveryStatus) -> Delivery:
    return Delivery(
        id=f"dlv_{job}",
        job_id=job,
        user_id="usr_any",
        status=status,
        claim=Claim(attempt="try_one", at=MONDAY_NOON),
    )


MAILS = [mail("job_ada", ADA.email), mail("job_bea", BEA.email)]
TAKEN = [event.id for message in MAILS for event in events_of(message)]
WELL = News(
    taken=TAKEN,
    deliveries=[delivery("job_ada", "delivered"), delivery("job_bea", "bounced")],
    users=[ADA, BEA_TOLD],
    subscriptions=[SUBSCRIBED, DISABLED],
    disabled=[DISABLED.id],
)


def test_what_the_events_told_is_known() -> None:
    assert event_violations(MAILS, WELL) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"taken": TAKEN[1:]}, ": taken in 0 times"),
        ({"taken": [*TAKEN, TAKEN[0]]}, ": taken in 2 times"),
        ({"taken": [*TAKEN, "other"]}, "unheard-of event other"),
        (
            {"deliveries": [delivery("job_ada", "accepted"), WELL.deliveries[1]]},
            "job_ada: mail 0 is ['accepted'], told delivered",
        ),
        ({"deliveries": WELL.deliveries[1:]}, "job_ada: mail 0 is not in the ledger"),
        ({"users": [ADA, BEA]}, "None, told mail_bounced"),
        (
            {"subscriptions": [SUBSCRIBED, a_subscription(BEA)]},
            "None, told mail_bounced",
        ),
        (
            {"subscriptions": [a_subscription(ADA, disabled_reason="unreadable")]},
            "unreadable, told None",
        ),
        ({"disabled": [DISABLED.id] * 2}, "disabled 2 times"),
    ],
)
def test_a_broken_promise_is_named(changes: dict[str, Any], said: str) -> None:
    found = event_violations(MAILS, replace(WELL, **changes))
    assert len(found) == 1
    assert said in found[0]


def test_a_mail_under_another_number_is_not_the_mail_that_is_looked_for() -> None:
    first, second = a_job(id="job_ada"), a_job(id="job_ada", send_no=1)
    assert arrived(first, MAILS)
    assert not arrived(second, MAILS)
