"""What the commands say when the machine or its settings are wrong.

Everything here is noticed before a single service is started.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = ("local_stack.demo", "--once")


def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables},
        text=True,
        timeout=60,
    )


@pytest.fixture
def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_a_wrong_setting_is_named_before_anything_is_started() -> None:
    ended = run(*DEMO, TRIAL_REPORTS_MAIL__TIMEOUT_SECONDS="soon")
    assert ended.returncode == 1
    assert "TRIAL_REPORTS_MAIL__TIMEOUT_SECONDS" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Starting" not in ended.stdout


def test_a_missing_system_library_is_named_with_its_package(tmp_path: Path) -> None:
    # The loader finds this one first, and cannot load it.
    (tmp_path / "libpango-1.0.so.0").write_bytes(b"\x7fELF")
    ended = run(*DEMO, LD_LIBRARY_PATH=str(tmp_path))
    assert ended.returncode == 1
    assert "libpango-1.0.so.0" in ended.stderr
    install = ended.stderr.split("apt-get install")[1].splitlines()[0]
    assert "libpango-1.0-0" in install.split()
    assert "Traceback" not in ended.stderr


def test_a_service_elsewhere_that_does_not_answer_stops_the_start_in_the_background(
    tmp_path: Path, closed_port: int
) -> None:
    folder = ("--folder", str(tmp_path))
    elsewhere = f"redis://:geheim@127.0.0.1:{closed_port}/0"
    up = run("local_stack.background", "up", *folder, LOCAL_STACK_REDIS_URI=elsewhere)
    assert up.returncode == 1
    assert f"nothing answers at 127.0.0.1:{closed_port}" in up.stderr
    assert "geheim" not in up.stderr
    assert "Traceback" not in up.stderr + up.stdout
    assert not (tmp_path / "stack.json").exists()

    down = run("local_stack.background", "down", *folder)
    assert down.returncode == 0
    assert "Nothing to stop" in down.stdout
    failed = tmp_path / "up" / "failed.txt"
    assert str(failed) in down.stdout
    assert "LOCAL_STACK_REDIS_URI" in failed.read_text()


@pytest.mark.parametrize("number", ["0", "many"])
def test_a_senseless_number_of_participants_is_refused(number: str) -> None:
    ended = run(*DEMO, "--participants", number)
    assert ended.returncode == 2
    assert "from 1 to" in ended.stderr
    assert "Traceback" not in ended.stderr
