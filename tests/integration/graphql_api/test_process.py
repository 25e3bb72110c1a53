"""The API as the process that operators start."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

PROJECT = Path(__file__).parents[3]


def _answer_of(url: str) -> httpx.Response:
    deadline = time.monotonic() + 30
    while True:
        try:
            return httpx.get(url, timeout=5, trust_env=False)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_no_token_reaches_the_log_even_if_uvicorns_access_log_was_left_on(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    with socket.socket() as listening, log.open("wb") as output:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "graphql_api.app:create_app"),
                *("--factory", "--fd", str(listening.fileno())),
            ],
            cwd=PROJECT,
            env=os.environ
            | {
                "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}",
                "TRIAL_REPORTS_ENVIRONMENT": "test",
                "TRIAL_REPORTS_LINKS__OPENING": "button",
            },
            pass_fds=[listening.fileno()],
            stdout=output,
            stderr=output,
        )
        try:
            port = listening.getsockname()[1]
            answer = _answer_of(f"http://127.0.0.1:{port}/r/tok-one")
        finally:
            server.terminate()
            server.wait(20)

    written = log.read_text()
    assert answer.status_code == 200
    assert f"{answer.headers['X-Request-Id']} GET /r/{{token}} 200" in written
    assert "no identity provider is configured" in written
    assert "tok-one" not in written
