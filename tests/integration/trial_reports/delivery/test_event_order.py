"""Whatever the order of the news about a mail, and however often: one end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from tests.builders import MONDAY_NOON as NOW
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import HANDED_OVER, Delivery, DeliveryStatus
from trial_reports.identifiers import new_id

Sender = Callable[[Ledger, Delivery], bool]

SENDERS: dict[str, Sender] = {
    "accepted": lambda ledger, mine: ledger.accept(mine, "msg-1", NOW),
    "unknown": lambda ledger, mine: ledger.lose_sight(mine, NOW),
    "released": lambda ledger, mine: ledger.release(mine),
    "refused": lambda ledger, mine: ledger.refuse(mine, NOW),
}
"""What the sender itself may come to believe, before, between or after the events."""


@pytest.fixture
def ledger(database: Database[dict[str, Any]]) -> Ledger:
    return Ledger(database, timedelta(minutes=1))


def told(ledger: Ledger, news: list[DeliveryStatus]) -> Delivery:
    """Return what a mail has come to, after these events in this order."""
    mail, _ = ledger.claim(new_id("job"), "usr_a", NOW)
    for each in news:
        ledger.learn(mail.job_id, mail.user_id, 0, each, NOW)
    return ledger.find(mail.job_id, mail.user_id) or mail


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_order_with_every_repetition_comes_to_the_strongest_news(
    ledger: Ledger, data: st.DataObject
) -> None:
    news = data.draw(st.lists(st.sampled_from(HANDED_OVER), min_size=1, max_size=5))
    repeated = news + data.draw(st.lists(st.sampled_from(news), max_size=3))
    order = data.draw(st.permutations(repeated))
    believed = data.draw(st.sampled_from(sorted(SENDERS)))
    when = data.draw(st.integers(0, len(order)))

    mail, _ = ledger.claim(new_id("job"), "usr_a", NOW)
    for position, each in enumerate([*order, None]):
        if position == when:
            SENDERS[believed](ledger, mail)
        if each is not None:
            ledger.learn(mail.job_id, mail.user_id, 0, each, NOW)

    found = ledger.find(mail.job_id, mail.user_id)
    assert found is not None
    assert found.status == max(news, key=HANDED_OVER.index)
    assert not ledger.claim(mail.job_id, mail.user_id, NOW + timedelta(days=1))[1]


@pytest.mark.parametrize(
    ("news", "end"),
    [
        (["accepted", "delivered"], "delivered"),
        (["delivered", "accepted"], "delivered"),
        (["delivered", "bounced"], "bounced"),
        (["bounced", "delivered"], "bounced"),
        (["dropped", "accepted"], "dropped"),
        (["complained", "delivered", "bounced"], "complained"),
    ],
)
def test_what_people_see_in_the_end(
    ledger: Ledger, news: list[DeliveryStatus], end: str
) -> None:
    assert told(ledger, news).status == end


def test_every_state_either_gives_way_or_has_its_place_in_the_order() -> None:
    before = {"claimed", "released", "refused", "unknown"}
    assert {*get_args(DeliveryStatus)} == before | {*HANDED_OVER}


def test_a_sender_that_hears_after_the_events_adds_the_message_id(
    ledger: Ledger,
) -> None:
    mail, _ = ledger.claim("job_a", "usr_a", NOW)
    ledger.learn("job_a", "usr_a", 0, "delivered", NOW)

    assert ledger.accept(mail, "msg-1", NOW)

    found = ledger.find("job_a", "usr_a")
    assert found is not None
    assert (found.status, found.provider_message_id) == ("delivered", "msg-1")


def test_events_are_about_one_of_a_jobs_mails(ledger: Ledger) -> None:
    ledger.claim("job_a", "usr_a", NOW)
    ledger.claim("job_a", "usr_a", NOW, send_no=1)

    assert ledger.learn("job_a", "usr_a", 1, "bounced", NOW)
    assert not ledger.learn("job_a", "usr_a", 2, "bounced", NOW)

    first = ledger.find("job_a", "usr_a")
    assert first is not None
    assert first.status == "claimed"
