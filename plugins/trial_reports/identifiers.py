"""Opaque, prefixed identifiers: the same in URLs, logs and Airflow labels."""

import base64
import hashlib
import secrets

_RANDOM_BYTES = 10
_TOKEN_BYTES = 32


def _encode(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def new_id(prefix: str) -> str:
    """Return a random identifier such as ``sub_4m5tqk2rwd3xevca``.

    Args:
        prefix: The noun's short form: ``usr``, ``sub``, ``doc``, ``fil``, ``dl``.
    """
    return f"{prefix}_{_encode(secrets.token_bytes(_RANDOM_BYTES))}"


def derived_id(prefix: str, *parts: str) -> str:
    """Return the identifier that these parts always lead to.

    Creating a row under a derived identifier twice is creating it once.

    Args:
        prefix: The noun's short form.
        parts: What makes the row unique, for example subscription and period.
    """
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f"{prefix}_{_encode(digest[:_RANDOM_BYTES])}"


def new_token() -> str:
    """Return 256 random bits, safe in a URL: a token cannot be guessed."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a token or address in hex, which is what is stored."""
    return hashlib.sha256(text.encode()).hexdigest()
