"""The mail provider's webhook, as far as tests need one: real keys, real signatures."""

import base64
import json
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import MONDAY_NOON
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job


class EventSigner:
    """Signs requests as SendGrid does, with a key of its own."""

    def __init__(self, curve: ec.EllipticCurve | None = None) -> None:
        self._key = ec.generate_private_key(curve or ec.SECP256R1())

    @property
    def public_key(self) -> str:
        spki = PublicFormat.SubjectPublicKeyInfo
        der = self._key.public_key().public_bytes(Encoding.DER, spki)
        return base64.b64encode(der).decode()

    def sign(self, body: bytes, at: datetime) -> tuple[str, str]:
        """Return the time and the signature, as they stand in the headers."""
        timestamp = str(int(at.timestamp()))
        scheme = ec.ECDSA(hashes.SHA256())
        proof = self._key.sign(timestamp.encode() + body, scheme)
        return timestamp, base64.b64encode(proof).decode()

    def headers(self, body: bytes, at: datetime) -> dict[str, str]:
        timestamp, signature = self.sign(body, at)
        return {
            "Content-Type": "application/json",
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
            "X-Twilio-Email-Event-Webhook-Signature": signature,
        }


def an_event(event: str, job: Job, email: str, **changes: Any) -> dict[str, Any]:
    """Return an event as SendGrid tells it."""
    return {
        "email": email,
        "event": event,
        "ip": "192.0.2.7",
        "jobId": job.id,
        "reason": f"550 5.1.1 <{email}>: no such person",
        "response": f"250 OK for {email}",
        "sendNo": str(job.send_no),
        "sg_event_id": new_id("sg"),
        "sg_message_id": "msg.recvd-1",
        "timestamp": int(MONDAY_NOON.timestamp()),
    } | changes


def as_body(*events: object) -> bytes:
    return json.dumps(events).encode()
