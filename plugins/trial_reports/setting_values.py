"""Kinds of values that settings have, each refusing what could never work."""

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(:(?!0)\d{1,5})?"
)
_DEFAULT_PORT = re.compile(r"https://.+:443|http://.+:80")
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def _has_scheme(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise ValueError("must start with https:// or http://")
    return address


def _divided(several: object) -> object:
    return several.replace(",", " ").split() if isinstance(several, str) else several


def _is_origin(origin: str) -> str:
    if origin == "*":
        raise ValueError("* would let every page in: name each origin")
    parts = _ORIGIN.fullmatch(origin)
    if parts is None or _DEFAULT_PORT.fullmatch(origin):
        raise ValueError("must be as browsers send it, such as https://study.example")
    if parts["scheme"] == "http" and parts["host"] not in _THIS_MACHINE:
        raise ValueError("must start with https://, but for http://localhost")
    return origin


def _names_somebody(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if network.prefixlen == 0:
        raise ValueError("would believe everybody: name the proxies")
    return network


Address = Annotated[str, AfterValidator(_has_scheme)]
"""Where a service answers: without its scheme nothing would ever reach it."""

Keys = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_divided)]
"""Several values in one variable, with commas between them."""

Networks = Annotated[
    tuple[
        Annotated[IPv4Network | IPv6Network, AfterValidator(_names_somebody)],
        ...,
    ],
    NoDecode,
    BeforeValidator(_divided),
]
"""Addresses such as ``10.0.0.7`` and networks such as ``10.0.0.0/24``."""

Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_is_origin)], ...],
    NoDecode,
    BeforeValidator(_divided),
]
"""Origins of web pages (RFC 6454, 6.2), exactly as browsers send them."""

TokenAlgorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"
]
"""How a token may be signed: with a private key that is not ours."""

TokenAlgorithms = Annotated[
    tuple[TokenAlgorithm, ...], NoDecode, BeforeValidator(_divided)
]
