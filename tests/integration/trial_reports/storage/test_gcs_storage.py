"""Storage on Google Cloud Storage; runs where its optional package is installed."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from trial_reports.errors import ServiceError
from trial_reports.storage.errors import ObjectMissing, ObjectTooLarge
from trial_reports.storage.storage import Storage

pytest.importorskip("google.cloud.storage")

TAKEN = "gs://reports-eu/taken"


class _Handler(BaseHTTPRequestHandler):
    """Knows one object, and that nothing else may be asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if "alt=media" in self.path:
            begins = self.headers.get("Range", "bytes=0-").startswith("bytes=0-")
            self._answer(*((200, b"first") if begins else (416, b"")))
        elif self.path.partition("?")[0].endswith("/taken"):
            metadata = {"name": "taken", "bucket": "reports-eu", "size": "5"}
            self._answer(200, json.dumps(metadata).encode())
        elif "missing" in self.path:
            self._answer(404, b"{}")
        else:
            self._answer(403, b"{}")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        conditional = "ifGenerationMatch=0" in self.path
        self._answer(412 if conditional else 200, b"{}")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    credentials: Any = pytest.importorskip("google.auth.credentials")
    google: Any = pytest.importorskip("google.cloud.storage")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv(
        "STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{server.server_port}"
    )
    client = google.Client("test", credentials.AnonymousCredentials())
    yield Storage(gcs_client=client)
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_creating_again_keeps_and_describes_the_first_object(storage: Storage) -> None:
    stored = storage.create(TAKEN, b"a twin", "text/plain")

    assert not stored.created
    assert (stored.size, stored.sha256) == (5, hashlib.sha256(b"first").hexdigest())


def test_reading_has_a_limit(storage: Storage) -> None:
    assert storage.read(TAKEN, limit=5) == b"first"
    with pytest.raises(ObjectTooLarge):
        storage.read(TAKEN, limit=4)


def test_a_missing_object_fails_its_own_job_only(storage: Storage) -> None:
    with pytest.raises(ObjectMissing):
        storage.read("gs://reports-eu/missing", limit=5)


def test_a_refusal_is_the_installations_fault(storage: Storage) -> None:
    with pytest.raises(ServiceError, match="403"):
        storage.read("gs://reports-eu/forbidden", limit=5)
