"""Fetching public keys from where the identity provider publishes them."""

import json
from http.client import HTTPException
from time import monotonic
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from jwt import PyJWK, PyJWKSet

from trial_reports.errors import TransientError

SECONDS = 5.0
MOST_BYTES = 256 * 1024
"""Providers publish a few keys of one to four kilobytes, with certificates."""

_PIECE = 16 * 1024
_ASYMMETRIC = frozenset({"EC", "OKP", "RSA"})


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nobody: only the configured address is trusted."""


class KeyServer:
    """A JSON Web Key Set (RFC 7517, section 5) at an address.

    Args:
        url: Its address, ``https://`` in production.
        seconds: How long an answer may take.
    """

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        self._request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - http(s): the settings see to it
        self._seconds = seconds
        self._opener = build_opener(_NoRedirects())

    def keys(self) -> dict[str, PyJWK]:
        """Return the keys that may sign, by key id.

        Raises:
            TransientError: ``key_server_unavailable``, or ``key_set_unusable``
                for an answer without a key of ours.
        """
        return _usable(self._answer())

    def _answer(self) -> bytes:
        try:
            with self._opener.open(self._request, timeout=self._seconds) as answer:
                return self._read(answer)
        except HTTPError as error:
            error.close()
            raise _unavailable(f"answered {error.code}") from None
        except (OSError, HTTPException) as error:
            raise _unavailable(f"failed: {type(error).__name__}") from None

    def _read(self, answer: IO[bytes]) -> bytes:
        # The time-out of a socket is one for each piece, not for all of them.
        end = monotonic() + self._seconds
        content = b""
        while piece := answer.read1(_PIECE):  # type: ignore[attr-defined]  # HTTPResponse has it
            content += piece
            if len(content) > MOST_BYTES:
                raise TransientError("key_set_unusable", "The key set is too large.")
            if monotonic() > end:
                raise _unavailable("is too slow")
        return content


def _unavailable(how: str) -> TransientError:
    return TransientError("key_server_unavailable", f"The key server {how}.")


def _usable(content: bytes) -> dict[str, PyJWK]:
    try:
        published: Any = json.loads(content)
        keys = PyJWKSet.from_dict(published).keys
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
        keys = []
    # A shared secret has no place in a published set: whoever reads it could sign.
    usable = {
        key.key_id: key
        for key in keys
        if isinstance(key.key_id, str)
        and key.key_type in _ASYMMETRIC
        and key.public_key_use in {None, "sig"}
    }
    if not usable:
        raise TransientError("key_set_unusable", "The key set has no key for us.")
    return usable
