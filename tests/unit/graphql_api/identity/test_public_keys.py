"""Known keys outlive an outage, and nobody makes us ask too often."""

import json
import logging
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt import PyJWK

from graphql_api.identity.public_keys import (
    FETCH_SECONDS,
    FRESH_SECONDS,
    KEPT_SECONDS,
    PublicKeys,
)
from graphql_api.identity.refusals import RefusalLog, TokenRefused
from tests.identity_provider import ec_key, published
from trial_reports.errors import TransientError

KEY = PyJWK(json.loads(json.dumps(published("old", ec_key()))))


class Provider:
    """A key server without a network, and the clock."""

    def __init__(self, *key_ids: str) -> None:
        self.now = 1000.0
        self.asked: list[float] = []
        self.key_ids = key_ids
        self.is_away = False
        self.meanwhile: Callable[[], object] = lambda: None

    def keys(self) -> dict[str, PyJWK]:
        self.asked.append(self.now)
        self.meanwhile()
        if self.is_away:
            raise TransientError("key_server_unavailable", "The key server is away.")
        return dict.fromkeys(self.key_ids, KEY)

    def clock(self) -> float:
        return self.now


@pytest.fixture
def provider() -> Provider:
    return Provider("old")


@pytest.fixture
def keys(provider: Provider) -> PublicKeys:
    return PublicKeys(provider.keys, provider.clock)


def _is_known(keys: PublicKeys, key_id: str) -> bool:
    try:
        return keys.find(key_id) is KEY
    except TokenRefused:
        return False


def test_a_new_key_is_found_within_a_minute(
    provider: Provider, keys: PublicKeys
) -> None:
    assert _is_known(keys, "old")
    provider.key_ids = ("old", "new")

    provider.now += FETCH_SECONDS - 1
    assert not _is_known(keys, "new")
    provider.now += 1
    assert _is_known(keys, "new")


def test_a_withdrawn_key_is_forgotten_after_a_quarter_of_an_hour(
    provider: Provider, keys: PublicKeys
) -> None:
    assert _is_known(keys, "old")
    provider.key_ids = ("new",)

    provider.now += FRESH_SECONDS + 1
    assert not _is_known(keys, "old")


def test_known_keys_stay_for_a_day_while_the_key_server_is_away(
    provider: Provider, keys: PublicKeys, caplog: pytest.LogCaptureFixture
) -> None:
    assert _is_known(keys, "old")
    provider.is_away = True

    for _ in range(24):
        assert _is_known(keys, "old")
        assert not _is_known(keys, "made-up")
        provider.now += KEPT_SECONDS / 24
    assert caplog.text.count("key_server_unavailable") == 1
    provider.now += 1
    with pytest.raises(TokenRefused, match="no_keys"):
        keys.find("old")

    provider.is_away = False
    provider.now += FETCH_SECONDS
    assert _is_known(keys, "old")
    assert "is back" in caplog.text


def test_a_server_that_was_never_there_is_asked_once_a_minute(
    provider: Provider, keys: PublicKeys
) -> None:
    provider.is_away = True

    for _ in range(10):
        assert not _is_known(keys, "old")

    assert len(provider.asked) == 1


@given(
    steps=st.lists(
        st.tuples(
            st.floats(min_value=0, max_value=2 * FRESH_SECONDS),
            st.sampled_from(["old", "new", "made-up"]),
            st.booleans(),
        )
    )
)
def test_whatever_is_asked_there_is_a_minute_between_two_fetches(
    steps: list[tuple[float, str, bool]],
) -> None:
    provider = Provider("old")
    keys = PublicKeys(provider.keys, provider.clock)

    for wait, key_id, is_away in steps:
        provider.now += wait
        provider.is_away = is_away
        _is_known(keys, key_id)

    pauses = [b - a for a, b in zip(provider.asked, provider.asked[1:], strict=False)]
    assert all(pause >= FETCH_SECONDS for pause in pauses)


def test_who_has_a_known_key_does_not_wait_for_another_ones_fetch(
    provider: Provider, keys: PublicKeys
) -> None:
    assert _is_known(keys, "old")
    provider.now += FRESH_SECONDS + 1
    begun, go_on = threading.Event(), threading.Event()

    def is_slow() -> None:
        begun.set()
        go_on.wait(10)

    provider.meanwhile = is_slow
    other = threading.Thread(target=_is_known, args=(keys, "made-up"))
    other.start()
    assert begun.wait(10)

    assert _is_known(keys, "old")
    assert other.is_alive()
    go_on.set()
    other.join()
    assert len(provider.asked) == 2


def test_all_who_come_before_the_first_keys_wait_for_one_fetch(
    provider: Provider, keys: PublicKeys
) -> None:
    together = threading.Barrier(4)
    known: list[bool] = []

    def come() -> None:
        together.wait(10)
        known.append(_is_known(keys, "old"))

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert known == [True] * 4
    assert len(provider.asked) == 1


def test_a_flood_of_refusals_writes_a_line_a_second(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    log = RefusalLog(provider.clock)

    with caplog.at_level(logging.WARNING):
        for _ in range(40):
            log.note("unknown_key")
            provider.now += 0.125

    assert len(caplog.messages) == 5
    assert caplog.messages[0] == "not signed in: unknown_key; 0 others before"
    assert caplog.messages[1] == "not signed in: unknown_key; 7 others before"
