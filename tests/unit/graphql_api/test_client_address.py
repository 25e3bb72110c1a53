"""Where a request comes from, whatever it says about itself."""

from ipaddress import ip_network

import pytest
from starlette.requests import HTTPConnection

from graphql_api.web.client_address import Proxies, is_local

PROXIES = Proxies(
    (ip_network("10.0.0.7"), ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
)


def _connection(
    peer: str | None, *forwarded: str, header: str = "x-forwarded-for"
) -> HTTPConnection:
    headers = [(header.lower().encode(), value.encode()) for value in forwarded]
    client = (peer, 1) if peer else None
    return HTTPConnection({"type": "http", "client": client, "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        pytest.param("192.0.2.1", [], "192.0.2.1", id="nothing is said"),
        pytest.param("192.0.2.1", ["198.51.100.9"], "192.0.2.1", id="a stranger's lie"),
        pytest.param("127.0.0.1", ["198.51.100.9"], "127.0.0.1", id="nobody's proxy"),
        pytest.param("10.0.0.7", ["198.51.100.9"], "198.51.100.9", id="a proxy"),
        pytest.param(
            "10.0.0.7", ["127.0.0.1, 198.51.100.9"], "198.51.100.9", id="a lie to it"
        ),
        pytest.param(
            "10.0.0.7",
            ["10.0.0.7, 198.51.100.9, 10.1.2.3"],
            "198.51.100.9",
            id="two proxies, and a lie that names one",
        ),
        pytest.param(
            "10.0.0.7", ["203.0.113.5", "198.51.100.9"], "198.51.100.9", id="two lines"
        ),
        pytest.param(
            "10.0.0.7", ["198.51.100.9", "10.1.2.3"], "198.51.100.9", id="the same"
        ),
        pytest.param("10.0.0.7", [], "10.0.0.7", id="a proxy's own"),
        pytest.param("10.0.0.7", ["10.1.2.3"], "10.1.2.3", id="another's own"),
        pytest.param("10.0.0.7", [""], "10.0.0.7", id="an empty line"),
        pytest.param(
            "10.0.0.7", ["198.51.100.9, unknown"], "10.0.0.7", id="no address"
        ),
        pytest.param(
            "10.0.0.7", ["198.51.100.9, 10.1.2.3:80"], "10.0.0.7", id="with a port"
        ),
        pytest.param("::ffff:192.0.2.1", [], "192.0.2.1", id="IPv4 as IPv6"),
        pytest.param(
            "::ffff:10.0.0.7", ["198.51.100.9"], "198.51.100.9", id="a proxy as IPv6"
        ),
        pytest.param(
            "fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64", id="IPv6"
        ),
        pytest.param("fe80::1%eth0", [], "fe80::/64", id="IPv6 with a zone"),
        pytest.param("/run/api.sock", [], "unknown", id="no address at all"),
        pytest.param(None, ["198.51.100.9"], "unknown", id="no peer"),
    ],
)
def test_the_right_most_address_counts_that_is_no_proxy_of_ours(
    peer: str | None, forwarded: list[str], origin: str
) -> None:
    assert PROXIES.origin(_connection(peer, *forwarded)) == origin


def test_without_named_proxies_nobody_is_believed() -> None:
    connection = _connection("10.0.0.7", "198.51.100.9")

    assert Proxies().origin(connection) == "10.0.0.7"


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_local(peer: str) -> None:
    assert is_local(_connection(peer))


@pytest.mark.parametrize("peer", ["10.0.0.7", "::", "localhost", "", None])
def test_nothing_else_is(peer: str | None) -> None:
    assert not is_local(_connection(peer))


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP"],
)
def test_what_a_proxy_has_passed_on_is_not_local(header: str) -> None:
    assert not is_local(_connection("127.0.0.1", "127.0.0.1", header=header))
