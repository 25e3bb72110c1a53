"""Signs requests as SendGrid's Signed Event Webhook does.

ECDSA with SHA-256 over the time and the raw body.
"""

import base64
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

_HEADER = "X-Twilio-Email-Event-Webhook-"


def new_signing_key(curve: ec.EllipticCurve | None = None) -> str:
    """Return a fresh private key, base64 of DER.

    Args:
        curve: Another one than SendGrid's P-256.
    """
    key = ec.generate_private_key(curve or ec.SECP256R1())
    pkcs8 = PrivateFormat.PKCS8
    return _base64(key.private_bytes(Encoding.DER, pkcs8, NoEncryption()))


class EventSigner:
    """Signs with one key.

    Args:
        private_key: As ``new_signing_key`` makes it.

    Raises:
        ValueError: It is no key for ECDSA.
    """

    def __init__(self, private_key: str) -> None:
        key = load_der_private_key(base64.b64decode(private_key), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("no key for ECDSA")  # noqa: TRY004 - a value of a file
        self._key = key

    @property
    def public_key(self) -> str:
        """The public half as SendGrid's page shows it, base64 of DER."""
        spki = PublicFormat.SubjectPublicKeyInfo
        return _base64(self._key.public_key().public_bytes(Encoding.DER, spki))

    def sign(self, body: bytes, at: datetime) -> tuple[str, str]:
        """Return the time and the signature, as they stand in the headers.

        Args:
            body: A request's raw body.
            at: When it is signed.
        """
        timestamp = str(int(at.timestamp()))
        proof = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return timestamp, _base64(proof)

    def headers(self, body: bytes, at: datetime) -> dict[str, str]:
        """Return a request's headers; see ``sign``."""
        timestamp, signature = self.sign(body, at)
        return {
            "Content-Type": "application/json",
            f"{_HEADER}Timestamp": timestamp,
            f"{_HEADER}Signature": signature,
        }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
