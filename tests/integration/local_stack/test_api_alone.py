"""``make api``: the API in the foreground, over whatever is there."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from local_stack.background.places import Places
from local_stack.background.stack_file import Addresses, Login, StackFile, Week
from local_stack.data_folder import locked
from local_stack.environment import PROJECT
from local_stack.http_service import HttpService
from local_stack.ports import choose_ports
from local_stack.process import ManagedProcess
from local_stack.services import Services

COMMAND = [sys.executable, "-m", "local_stack.background", "api"]
ENVIRONMENT = {
    "PATH": os.defpath,
    "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}",
}


def _ended(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Return what a command that cannot serve anything leaves."""
    return subprocess.run(
        [*COMMAND, "--folder", str(folder)],
        cwd=PROJECT,
        env=ENVIRONMENT | environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def _serves(folder: Path, **environment: str) -> str:
    """Serve until the database answers through it, and return what was said."""
    port = choose_ports(folder, ["api"])["api"]
    process = ManagedProcess(
        "api",
        [*COMMAND, "--folder", str(folder), "--port", str(port)],
        environment=ENVIRONMENT | environment,
        logs=folder,
        directory=PROJECT,
    )
    try:
        uri = f"http://127.0.0.1:{port}"
        HttpService(process, uri, "/readyz").wait_until_ready()
    finally:
        process.stop(20)
    return process.log.read_text()


def test_with_nothing_configured_it_says_what_to_do(tmp_path: Path) -> None:
    ended = _ended(tmp_path)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "make up" in ended.stderr
    assert ".env.example" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_in_the_settings_is_named(tmp_path: Path) -> None:
    ended = _ended(tmp_path, TRIAL_REPORTS_MAIL__APIKEY="x")

    assert ended.returncode == 1
    assert "TRIAL_REPORTS_MAIL__APIKEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_serves_with_the_settings_of_the_environment(
    tmp_path: Path, services: Services
) -> None:
    said = _serves(tmp_path, **services.environment())

    assert "make up" not in said
    assert "/graphql" in said


@pytest.fixture
def stack(tmp_path: Path, services: Services) -> StackFile:
    """What ``make up`` writes about a stack: here, about the tests' services."""
    nowhere = "http://127.0.0.1:9"
    return StackFile(
        process=os.getpid(),
        started_at=datetime.fromisoformat("2026-11-23T12:00Z"),
        addresses=Addresses(**dict.fromkeys(Addresses.model_fields, nowhere)),
        airflow_login=Login(user="operator", password="none"),
        tokens={},
        database="trial_reports",
        bucket="trial-reports",
        dead_letter_queues={},
        week=Week(
            dag="weekly_reports", as_of=datetime.fromisoformat("2026-11-23T12:00Z")
        ),
        environment=services.environment(),
        data=tmp_path,
        logs=tmp_path,
    )


def test_it_serves_over_a_stack_only_while_that_runs(
    tmp_path: Path, stack: StackFile
) -> None:
    places = Places(tmp_path)
    stack.write(places.stack_file)
    with locked(places.data):
        said = _serves(tmp_path)

    assert f"Over the stack of make up, see {places.stack_file}" in said
    assert "make up" in _ended(tmp_path).stderr
