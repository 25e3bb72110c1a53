"""Counting, without an application."""

import time

import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from starlette.requests import HTTPConnection

from graphql_api.web.client_address import Proxies
from graphql_api.web.problems import Problem
from graphql_api.web.rate_limits import RateLimits


def _limits() -> RateLimits:
    return RateLimits(Proxies(), RateLimitItemPerSecond(1), RateLimitItemPerMinute(2))


def _from(address: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (address, 1), "headers": []})


def _refusal(limits: RateLimits) -> Problem | None:
    try:
        limits.admit_caller("usr_one")
    except Problem as refusal:
        return refusal
    return None


def test_after_its_time_one_may_ask_again() -> None:
    limits = _limits()
    deadline = time.monotonic() + 10
    while (refusal := _refusal(limits)) is None:  # it may fall into the next second
        assert time.monotonic() < deadline
    assert refusal.headers is not None
    assert refusal.headers["Retry-After"] in ("1", "2")

    while _refusal(limits) is not None:
        assert time.monotonic() < deadline


def test_an_ipv6_network_is_one_address() -> None:
    limits = _limits()
    limits.admit_stranger(_from("2001:db8::1"))
    limits.admit_stranger(_from("2001:db8::2"))

    with pytest.raises(Problem) as caught:
        limits.admit_stranger(_from("2001:db8::3"))
    assert (caught.value.status_code, caught.value.code) == (429, "rate_limited")
    limits.admit_stranger(_from("2001:db8:0:1::1"))


def test_a_person_and_an_address_are_never_the_same() -> None:
    limits = _limits()
    limits.admit_caller("192.0.2.1")

    limits.admit_stranger(_from("192.0.2.1"))
