"""Only the provider's word counts, and only for a day."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local_stack.mailbox.event_signing import EventSigner, new_signing_key
from tests.builders import MONDAY_NOON as NOW
from tests.signed_events import a_signer
from trial_reports.delivery.event_signatures import EventSignatures
from trial_reports.errors import ConfigurationError

BODY = b'[{"event": "delivered"}]'
OLD, NEW, STRANGER = a_signer(), a_signer(), a_signer()
SIGNATURES = EventSignatures([OLD.public_key, NEW.public_key])


@pytest.mark.parametrize("signer", [OLD, NEW], ids=["old key", "new key"])
def test_while_a_key_is_replaced_both_vouch(signer: EventSigner) -> None:
    assert SIGNATURES.vouch_for(BODY, *signer.sign(BODY, NOW), NOW)


def test_nobody_else_does() -> None:
    assert not SIGNATURES.vouch_for(BODY, *STRANGER.sign(BODY, NOW), NOW)


def test_neither_body_nor_time_can_be_changed_afterwards() -> None:
    timestamp, signature = NEW.sign(BODY, NOW)
    later = str(int(timestamp) + 1)

    assert not SIGNATURES.vouch_for(BODY + b" ", timestamp, signature, NOW)
    assert not SIGNATURES.vouch_for(BODY, later, signature, NOW)


@pytest.mark.parametrize(
    ("age", "believed"),
    [
        (timedelta(hours=25), True),
        (timedelta(hours=25, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
    ],
)
def test_a_repetition_within_a_day_is_believed_and_an_old_one_is_not(
    age: timedelta, believed: bool
) -> None:
    assert SIGNATURES.vouch_for(BODY, *NEW.sign(BODY, NOW - age), NOW) is believed


@pytest.mark.parametrize(
    "timestamp", ["", "-1", "1e9", " 1795435200", "٣", "9" * 11, "9" * 400]
)
def test_a_time_that_is_none_is_refused(timestamp: str) -> None:
    assert not SIGNATURES.vouch_for(BODY, timestamp, NEW.sign(BODY, NOW)[1], NOW)


@pytest.mark.parametrize("signature", ["", "é", "AAAA", "not base64!", "A" * 5000])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    assert not SIGNATURES.vouch_for(BODY, NEW.sign(BODY, NOW)[0], signature, NOW)


@pytest.mark.parametrize(
    "key",
    [
        *("", "SG.an-api-key", "AAAA"),
        EventSigner(new_signing_key(ec.SECP384R1())).public_key,
    ],
)
def test_a_key_that_is_none_stops_the_start_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="webhook_keys") as caught:
        EventSignatures([NEW.public_key, key])

    assert not key or key not in str(caught.value)
