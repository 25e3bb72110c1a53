"""The ledger decides alone whether a mail may be sent: never twice, never blindly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON
from trial_reports.delivery.ledger import Ledger

NOW = MONDAY_NOON.replace(microsecond=123_456)
TIMEOUT = timedelta(seconds=60)


@pytest.fixture
def ledger(database: Database[dict[str, Any]]) -> Ledger:
    return Ledger(database, TIMEOUT)


def test_of_many_senders_exactly_one_may_send(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as senders:
        claims = list(
            senders.map(lambda _: ledger.claim("job_a", "usr_a", NOW), range(8))
        )
    assert sum(mine for _, mine in claims) == 1


def test_an_accepted_mail_is_never_sent_again(ledger: Ledger) -> None:
    delivery, mine = ledger.claim("job_a", "usr_a", NOW)
    assert mine
    assert ledger.accept(delivery, "msg-1", NOW)
    again, mine = ledger.claim("job_a", "usr_a", NOW + timedelta(days=1))
    assert not mine
    assert (again.status, again.provider_message_id) == ("accepted", "msg-1")


def test_what_was_proved_not_sent_may_be_sent(ledger: Ledger) -> None:
    delivery, _ = ledger.claim("job_a", "usr_a", NOW)
    assert ledger.release(delivery)
    assert ledger.claim("job_a", "usr_a", NOW)[1]


def test_a_refusal_can_be_sent_again_once_somebody_asks(ledger: Ledger) -> None:
    delivery, _ = ledger.claim("job_a", "usr_a", NOW)
    assert ledger.refuse(delivery, NOW)
    assert ledger.claim("job_a", "usr_a", NOW)[1]


def test_an_unknown_outcome_is_never_sent_again(ledger: Ledger) -> None:
    delivery, _ = ledger.claim("job_a", "usr_a", NOW)
    assert ledger.lose_sight(delivery, NOW)
    again, mine = ledger.claim("job_a", "usr_a", NOW + timedelta(days=1))
    assert (again.status, mine) == ("unknown", False)


def test_a_sender_that_died_leaves_an_unknown_outcome(ledger: Ledger) -> None:
    ledger.claim("job_a", "usr_a", NOW)
    soon, mine = ledger.claim("job_a", "usr_a", NOW + TIMEOUT / 2)
    assert (soon.status, mine) == ("claimed", False)
    later, mine = ledger.claim("job_a", "usr_a", NOW + 2 * TIMEOUT)
    assert (later.status, mine) == ("unknown", False)


def test_a_slow_senders_answer_is_better_than_not_knowing(ledger: Ledger) -> None:
    delivery, _ = ledger.claim("job_a", "usr_a", NOW)
    unknown, _ = ledger.claim("job_a", "usr_a", NOW + 2 * TIMEOUT)
    assert unknown.status == "unknown"
    assert ledger.accept(delivery, "msg-1", NOW + 3 * TIMEOUT)
    known, mine = ledger.claim("job_a", "usr_a", NOW + 4 * TIMEOUT)
    assert (known.status, mine) == ("accepted", False)


def test_a_claim_that_somebody_else_has_made_since_settles_nothing(
    ledger: Ledger,
) -> None:
    lost, _ = ledger.claim("job_a", "usr_a", NOW)
    ledger.release(lost)
    _, mine = ledger.claim("job_a", "usr_a", NOW)
    assert mine
    assert not ledger.accept(lost, "msg-1", NOW)
    assert not ledger.release(lost)
    found = ledger.find("job_a", "usr_a")
    assert found is not None
    assert found.status == "claimed"
