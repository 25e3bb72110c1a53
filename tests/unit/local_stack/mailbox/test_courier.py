"""The courier against a server that answers as it is told."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from local_stack.mailbox.courier import Courier, Webhook
from local_stack.mailbox.event_queue import EventQueue
from local_stack.mailbox.event_signing import EventSigner, new_signing_key
from tests.unit.local_stack.mailbox.builders import mail_to
from trial_reports.delivery.event_models import read_events
from trial_reports.delivery.event_signatures import EventSignatures

KEY = new_signing_key()
SIGNATURES = EventSignatures([EventSigner(KEY).public_key])
MAIL = mail_to("ada@example.org")
SECONDS = 20


class Listener(ThreadingHTTPServer):
    """Answers with the next of its statuses, and keeps what was well signed."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.statuses = list(statuses)
        self.heard: Queue[bytes] = Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/webhooks/sendgrid"


class _Answer(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        header = "X-Twilio-Email-Event-Webhook-"
        signed = SIGNATURES.vouch_for(
            body,
            self.headers[f"{header}Timestamp"],
            self.headers[f"{header}Signature"],
            datetime.now(UTC),
        )
        waiting = self.server.statuses
        self.send_response(waiting.pop(0) if waiting else 200 if signed else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.heard.put(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener(503, 500) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def events(tmp_path: Path) -> EventQueue:
    return EventQueue(tmp_path / "told.txt", [MAIL])


def test_events_come_together_signed_and_again_until_they_are_taken(
    listener: Listener, events: EventQueue, tmp_path: Path
) -> None:
    with Courier(Webhook(listener.url, KEY), events):
        bodies = [listener.heard.get(timeout=SECONDS) for _ in range(3)]
    assert bodies[0] == bodies[1] == bodies[2]
    told = [e if isinstance(e, str) else e.event for e in read_events(bodies[0])]
    assert told == ["processed", "delivered"]
    assert events.waiting() == 0
    assert EventQueue(tmp_path / "told.txt", [MAIL]).waiting() == 0


def test_it_stops_although_nobody_listens(events: EventQueue) -> None:
    with Courier(Webhook("http://127.0.0.1:9/", KEY), events):
        pass
    assert events.waiting() == 2
