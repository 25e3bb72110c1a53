"""The mail provider's webhook, as far as tests need one: real keys, real signatures."""

import json
from typing import Any

from local_stack.mailbox.event_signing import EventSigner, new_signing_key
from tests.builders import MONDAY_NOON
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job


def a_signer() -> EventSigner:
    """Return one with a key of its own."""
    return EventSigner(new_signing_key())


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
