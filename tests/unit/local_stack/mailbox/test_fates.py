"""What the product reads in the events that the stand-in tells."""

import json

import pytest

from local_stack.mailbox.fates import events_of
from tests.unit.local_stack.mailbox.builders import mail_to
from trial_reports.delivery.event_models import MailEvent, read_events


def told_of(recipient: str) -> list[MailEvent]:
    items = [event.item() for event in events_of(mail_to(recipient))]
    found = read_events(json.dumps(items).encode())
    assert not [item for item in found if isinstance(item, str)]
    return [item for item in found if isinstance(item, MailEvent)]


@pytest.mark.parametrize(
    ("recipient", "kinds", "problem"),
    [
        ("ada@example.org", ["processed", "delivered"], None),
        ("Bounces.ada@example.org", ["processed", "bounce"], "mail_bounced"),
        ("blocked.ada@example.org", ["processed", "bounce"], None),
        ("dropped.ada@example.org", ["dropped"], "mail_bounced"),
        ("deferred.a@example.org", ["processed", "deferred", "delivered"], None),
        (
            "complains.ada@example.org",
            ["processed", "delivered", "spamreport"],
            "mail_complained",
        ),
    ],
)
def test_the_product_understands_what_an_address_stands_for(
    recipient: str, kinds: list[str], problem: str | None
) -> None:
    events = told_of(recipient)
    assert [event.event for event in events] == kinds
    assert events[-1].problem == problem
    assert {(event.job_id, event.send_no) for event in events} == {("job_1", 2)}
    assert {event.email for event in events} == {recipient}


def test_an_event_has_the_same_id_whenever_it_is_told_and_no_other_has_it() -> None:
    ids = [event.id for event in told_of("complains.ada@example.org")]
    assert len(set(ids)) == 3
    assert ids == [event.id for event in told_of("complains.ada@example.org")]
    (first, *_) = events_of(mail_to("ada@example.org"))
    assert first.item()["sg_message_id"].startswith("dGVzdA-x_y.")
