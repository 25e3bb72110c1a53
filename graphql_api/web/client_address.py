"""Where a request comes from: nobody is believed about it but named proxies.

Each proxy adds to ``X-Forwarded-For``, on the right, the address that it was asked
from; what stands further left was there before and may be invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

from starlette.requests import HTTPConnection

_ADDED_BY_PROXIES = ("forwarded", "via", "x-forwarded-", "x-real-ip")
_HOUSEHOLD_BITS = 64  # of an IPv6 address: whoever has one has all that begin alike


@dataclass(frozen=True)
class Proxies:
    """The proxies that are believed.

    Args:
        networks: Their addresses.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def origin(self, connection: HTTPConnection) -> str:
        """Return what requests from one place are counted by.

        It is the right-most address that is no proxy of ours; an IPv6 address
        counts as its network of 64 bits.

        Args:
            connection: The request, with the peer that sent it to us.
        """
        peer = _peer(connection)
        if peer is None:
            return "unknown"
        origin = peer
        for address in _forwarded(connection):
            if address is None or not self._trusts(origin):
                break
            origin = address
        if isinstance(origin, IPv6Address):
            # As a number, it has no zone such as that of fe80::1%eth0.
            return str(IPv6Network((int(origin), _HOUSEHOLD_BITS), strict=False))
        return str(origin)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.networks)


def is_local(connection: HTTPConnection) -> bool:
    """Tell whether a request was made on this machine, and by no proxy.

    Args:
        connection: The request, with the peer that sent it to us.
    """
    if any(name.startswith(_ADDED_BY_PROXIES) for name in connection.headers):
        return False
    peer = _peer(connection)
    return peer is not None and peer.is_loopback


def _peer(connection: HTTPConnection) -> IPv4Address | IPv6Address | None:
    return _read(connection.client.host) if connection.client else None


def _forwarded(
    connection: HTTPConnection,
) -> Iterator[IPv4Address | IPv6Address | None]:
    """Yield the addresses that proxies added, the last one first."""
    lines = connection.headers.getlist("X-Forwarded-For")
    for text in reversed(",".join(lines).split(",")):
        yield _read(text.strip())


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A socket for both protocols shows IPv4 peers as ::ffff:192.0.2.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
