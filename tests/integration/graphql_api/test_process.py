"""The API as a process: what it logs, what it refuses, and how it stops."""

import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local_stack.environment import PROJECT
from local_stack.services import Services
from tests.integration.graphql_api.process import ApiProcess, api_process
from tests.signed_events import a_signer

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
BUTTON = {"TRIAL_REPORTS_LINKS__OPENING": "button"}
BY_UVICORN = "uvicorn --factory graphql_api.app:create_app"


def _get(api: ApiProcess, path: str, **headers: str) -> httpx.Response:
    return httpx.get(api.uri + path, headers=headers, timeout=5, trust_env=False)


def test_the_log_is_made_of_objects_without_paths_tokens_or_addresses(
    tmp_path: Path,
) -> None:
    with api_process(tmp_path, BUTTON) as api:
        answer = _get(api, "/r/tok-one", traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
        _get(api, "/healthz")

    assert answer.status_code == 200
    assert answer.headers["X-Request-Id"] == TRACE
    assert "Server" not in answer.headers
    (line,) = [line for line in api.log if line.get("route") == "/r/{token}"]
    assert line["time"].endswith("+00:00")
    assert 0 < line.pop("milliseconds") < 5000
    assert {**line, "time": None} == {
        "time": None,
        "level": "INFO",
        "logger": "graphql_api.web.request_log",
        "correlationId": TRACE,
        "message": "GET /r/{token} 200",
        "method": "GET",
        "route": "/r/{token}",
        "status": 200,
    }
    told = [line["message"] for line in api.log]
    assert "no identity provider is configured: nobody can sign in" in told
    assert told[-1] == "stopping"
    assert "tok-one" not in str(api.log)


def test_no_token_reaches_the_log_even_if_uvicorns_access_log_was_left_on(
    tmp_path: Path,
) -> None:
    with api_process(tmp_path, BUTTON, BY_UVICORN) as api:
        _get(api, "/r/tok-one")
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{api.port}/r/tok-two")

    written = api.process.log.read_text()
    assert "GET /r/{token} 200" in written
    assert "tok-" not in written


def test_headers_that_do_not_end_are_refused(tmp_path: Path) -> None:
    with (
        api_process(tmp_path, BUTTON) as api,
        socket.create_connection(("127.0.0.1", api.port), timeout=10) as client,
    ):
        client.sendall(b"GET /healthz HTTP/1.1\r\nPadding: " + b"x" * 17 * 1024)

        with client.makefile("rb") as answer:
            assert answer.readline() == b"HTTP/1.1 400 Bad Request\r\n"


def test_a_page_that_may_not_ask_opens_no_socket(tmp_path: Path) -> None:
    allowed = "https://study.example"
    environment = {"TRIAL_REPORTS_API__ALLOWED_ORIGINS": allowed}
    refused = {}
    with api_process(tmp_path, environment) as api:
        for origin in (None, allowed, "https://evil.example"):
            # Whoever may ask finds no socket at this place, which is another 403.
            with pytest.raises(InvalidStatus) as caught:
                connect(f"ws://127.0.0.1:{api.port}/none", origin=origin)  # type: ignore[arg-type] # - a plain text
            response = caught.value.response
            refused[origin] = (response.status_code, b"origin_refused" in response.body)

    assert refused[None] == refused[allowed] == (403, False)
    assert refused["https://evil.example"] == (403, True)


def test_wrong_settings_end_it_with_one_message(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "graphql_api"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}"},
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("Please correct these settings:")
    assert "Traceback" not in ended.stderr


class HalfRequest:
    """A request whose body has not arrived completely: events without signature."""

    def __init__(self, api: ApiProcess) -> None:
        self._socket = socket.create_connection(("127.0.0.1", api.port), timeout=20)
        self._socket.sendall(
            b"POST /webhooks/sendgrid HTTP/1.1\r\nHost: api\r\n"
            b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        # The server says that it waits for the body: the request is in its hands.
        assert b"100 Continue" in self._socket.recv(1024)
        self._socket.sendall(b"[")

    def finish(self) -> bytes:
        self._socket.sendall(b"]")
        with self._socket.makefile("rb") as answer:
            return answer.read()

    def close(self) -> None:
        self._socket.close()


def _stopping(drain: int, grace: int) -> dict[str, str]:
    return {
        "TRIAL_REPORTS_API__DRAIN_SECONDS": str(drain),
        "TRIAL_REPORTS_API__GRACE_SECONDS": str(grace),
        "TRIAL_REPORTS_MAIL__WEBHOOK_KEYS": a_signer().public_key,
    }


def _until_refused(api: ApiProcess) -> list[httpx.Response]:
    """Return what is answered about readiness while connections are taken."""
    answers: list[httpx.Response] = []
    while True:
        try:
            answers.append(_get(api, "/readyz"))
        except httpx.TransportError:
            return answers


def test_asked_to_stop_it_says_so_and_finishes_what_it_has_begun(
    tmp_path: Path, services: Services
) -> None:
    environment = services.environment() | _stopping(drain=2, grace=20)
    with api_process(tmp_path, environment) as api:
        assert _get(api, "/readyz").status_code == 200
        with closing(HalfRequest(api)) as begun:
            api.process.ask_to_stop()
            told = _until_refused(api)
            answer = begun.finish()
        _wait_for_its_end(api)

    assert told[-1].status_code == 503
    assert told[-1].json()["code"] == "stopping"
    assert answer.startswith(b"HTTP/1.1 403 Forbidden")
    assert b'"not_signed"' in answer
    assert {line["level"] for line in api.log} == {"INFO"}


def test_it_does_not_wait_for_ever(tmp_path: Path) -> None:
    with (
        api_process(tmp_path, _stopping(drain=0, grace=1)) as api,
        closing(HalfRequest(api)),
    ):
        api.process.ask_to_stop()
        _wait_for_its_end(api)


def _wait_for_its_end(api: ApiProcess) -> None:
    deadline = time.monotonic() + 15
    while api.process.running:
        assert time.monotonic() < deadline
        time.sleep(0.05)
