"""A mail provider that answers as it is told, or does not."""

from __future__ import annotations

import io
import json
import select
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import pytest

Behaviour = Literal[
    "answer", "hang", "reset_before_reading", "reset_after_reading", "stop_in_answer"
]


@dataclass
class Request:
    path: str
    key: str
    body: dict[str, Any]


@dataclass
class Provider:
    """What to do with the next requests, and what came."""

    url: str = ""
    behaviour: Behaviour = "answer"
    status: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def handle(self) -> None:
        if self.server.provider.behaviour == "reset_before_reading":
            select.select([self.connection], [], [], 5)
            self._reset()
            return
        super().handle()

    def do_POST(self) -> None:
        provider = self.server.provider
        content = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Authorization"]
        provider.requests.append(Request(self.path, key, json.loads(content)))
        match provider.behaviour:
            case "answer":
                self._answer(provider)
            case "hang":
                provider.released.wait(10)
            case "reset_after_reading":
                self._reset()
            case "stop_in_answer":
                self.wfile.write(b"HTTP/1.0 202 Accepted\r\nContent-Length: 9\r\n\r\n{")

    do_GET = do_POST  # noqa: N815 - the name http.server looks for

    def _answer(self, provider: Provider) -> None:
        self.send_response_only(provider.status)
        for name, value in provider.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(provider.body)))
        self.end_headers()
        self.wfile.write(provider.body)

    def _reset(self) -> None:
        # Closing with no linger sends a reset instead of an orderly end.
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.wfile = self.rfile = io.BytesIO()  # what is closed in the end

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = Provider(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.provider
    server.provider.released.set()
    server.shutdown()
    thread.join()
    server.server_close()
