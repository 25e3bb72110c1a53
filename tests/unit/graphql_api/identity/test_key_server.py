"""What is taken from a key server, and what is not."""

import json
import time
from collections.abc import Iterator

import pytest

from graphql_api.identity.key_server import MOST_BYTES, KeyServer
from tests.identity_provider import (
    EC_KEY_ID,
    RSA_KEY_ID,
    KeyPublisher,
    ec_key,
    key_set,
    published,
    publishing,
    rsa_key,
)
from trial_reports.errors import TransientError


@pytest.fixture
def publisher() -> Iterator[KeyPublisher]:
    with publishing() as publisher:
        yield publisher


def test_the_keys_are_found_by_their_ids(publisher: KeyPublisher) -> None:
    assert set(KeyServer(publisher.url).keys()) == {RSA_KEY_ID, EC_KEY_ID}


def test_only_public_keys_for_signing_are_taken(publisher: KeyPublisher) -> None:
    shared = {"kty": "oct", "kid": "shared", "k": "c2VjcmV0" * 8, "alg": "HS256"}
    nameless = published("", rsa_key())
    del nameless["kid"]
    listed = [
        shared,
        nameless,
        published("for-encryption", rsa_key(), use="enc"),
        {"kty": "of tomorrow", "kid": "tomorrow"},
        published("good", ec_key()),
    ]
    publisher.body = json.dumps({"keys": listed}).encode()

    assert set(KeyServer(publisher.url).keys()) == {"good"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"keys": []}',
        b'{"keys": {}}',
        b'{"keys": [1]}',
        key_set() + b" " * MOST_BYTES,
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=range(11),
)
def test_an_answer_that_is_no_key_set_is_no_use(
    publisher: KeyPublisher, body: bytes
) -> None:
    publisher.body = body

    with pytest.raises(TransientError, match="key_set_unusable") as caught:
        KeyServer(publisher.url).keys()

    assert caught.value.__cause__ is None


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_nothing_but_the_address_itself_is_asked(
    publisher: KeyPublisher, status: int
) -> None:
    publisher.status = status
    publisher.headers = {"Location": publisher.url}

    with pytest.raises(TransientError, match=f"answered {status}"):
        KeyServer(publisher.url).keys()

    assert publisher.asked == 1


def test_a_server_that_does_not_answer_in_time_is_left(
    publisher: KeyPublisher,
) -> None:
    publisher.before_answer = lambda: time.sleep(0.5)

    with pytest.raises(TransientError, match="key_server_unavailable"):
        KeyServer(publisher.url, seconds=0.1).keys()


def test_a_server_that_is_gone_is_told_without_its_address() -> None:
    with publishing() as publisher:
        url = publisher.url

    with pytest.raises(TransientError, match="key_server_unavailable") as caught:
        KeyServer(url).keys()

    assert "127.0.0.1" not in str(caught.value)
