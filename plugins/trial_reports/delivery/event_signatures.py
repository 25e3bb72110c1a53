"""Whether a request really comes from the mail provider.

SendGrid signs the time and the raw body of each request (Signed Event Webhook):
ECDSA over P-256 with SHA-256. Its page shows the public key as base64.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from trial_reports.errors import ConfigurationError

# It repeats a request that failed for a day, and may repeat the first time's
# signature with it.
_OLDEST = timedelta(hours=25)
_CLOCK_ERROR = timedelta(minutes=5)
_SECONDS = re.compile(r"[0-9]{1,11}")
_SCHEME = ec.ECDSA(hashes.SHA256())


class EventSignatures:
    """Checks signatures with the provider's keys.

    Args:
        keys: Public keys as SendGrid shows them, base64 of DER. While one is
            replaced there are two, and either will do.

    Raises:
        ConfigurationError: One is no P-256 key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [_loaded(key) for key in keys]

    def vouch_for(
        self, body: bytes, timestamp: str, signature: str, now: datetime
    ) -> bool:
        """Tell whether a request was signed with one of the keys, and lately.

        Args:
            body: The raw body: nothing may have read or changed it before.
            timestamp: The header with the time of signing, in Unix seconds.
            signature: The header with the signature, base64 of DER.
            now: The time of the request, UTC.
        """
        if not _is_recent(timestamp, now):
            return False
        try:
            proof = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        signed = timestamp.encode() + body
        return any(_matches(key, proof, signed) for key in self._keys)


def _loaded(key: str) -> ec.EllipticCurvePublicKey:
    try:
        loaded = load_der_public_key(base64.b64decode(key, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key() from None
    if not isinstance(loaded, ec.EllipticCurvePublicKey):
        raise _no_key()
    if not isinstance(loaded.curve, ec.SECP256R1):
        raise _no_key()
    return loaded


def _no_key() -> ConfigurationError:
    return ConfigurationError(
        "webhook_keys",
        "mail.webhook_keys must hold public keys as SendGrid's page for the "
        "event webhook shows them.",
    )


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not _SECONDS.fullmatch(timestamp):
        return False
    signed_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(timestamp))
    return now - _OLDEST <= signed_at <= now + _CLOCK_ERROR


def _matches(key: ec.EllipticCurvePublicKey, proof: bytes, signed: bytes) -> bool:
    try:
        key.verify(proof, signed, _SCHEME)
    except InvalidSignature:
        return False
    return True
