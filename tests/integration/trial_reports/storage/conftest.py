"""An S3 of our own for these tests, and a server that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from trial_reports.storage.storage import Storage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "trial-reports"


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def connect_s3() -> Callable[[str], S3Client]:
    def connect(url: str) -> S3Client:
        return boto3.client(
            "s3",
            endpoint_url=url,
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(
                connect_timeout=1,
                read_timeout=1,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                signature_version="s3v4",
            ),
        )

    return connect


@pytest.fixture(scope="session")
def s3(s3_url: str, connect_s3: Callable[[str], S3Client]) -> S3Client:
    client = connect_s3(s3_url)
    client.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    return client


@pytest.fixture
def storage(s3: S3Client) -> Storage:
    return Storage(s3_client=s3)


class ScriptedServer(ThreadingHTTPServer):
    """Gives every request the same answer and counts them."""

    daemon_threads = True

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = status, body
        self.requests = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.requests += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET  # noqa: N815 - the name http.server looks for

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def answering() -> Callable[..., object]:
    @contextmanager
    def serve(status: int, body: bytes) -> Iterator[ScriptedServer]:
        server = ScriptedServer(status, body)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return serve
