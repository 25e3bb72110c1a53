"""``make up`` and ``make down``, as another program meets them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from redis import Redis

from local_stack.data_folder import holder_of

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

QUERY = {"query": "{ __typename }"}


@pytest.fixture
def root() -> Iterator[Path]:
    # Not pytest's own folder: PostgreSQL, which refuses root, cannot enter it.
    with TemporaryDirectory(prefix="background-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path
        done("down", path)


def command(action: str, root: Path) -> "subprocess.Popen[str]":
    arguments = [action, "--folder", str(root), "--participants", "2"]
    return subprocess.Popen(
        [sys.executable, "-m", "local_stack.background", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        text=True,
    )


def done(action: str, root: Path) -> str:
    """Return what a command that succeeds says."""
    with command(action, root) as process:
        said, _ = process.communicate(timeout=200)
        assert process.returncode == 0, said
        return said


def asked(address: str, token: str) -> int:
    """Return the status of a GraphQL request."""
    return httpx.post(
        address,
        json=QUERY,
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
        trust_env=False,
    ).status_code


def processes_in(root: Path) -> list[str]:
    """Return the command lines that name the folder."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(entry.read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return [line for line in lines if str(root) in line]


def require_all_gone(root: Path) -> None:
    """Wait until nothing that names the folder runs any more."""
    deadline = time.monotonic() + 30
    while left := processes_in(root):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def wait_for(path: Path, text: str = "") -> str:
    deadline = time.monotonic() + 60
    while not path.exists() or text not in path.read_text():
        assert time.monotonic() < deadline, f"{path.name} lacks {text!r}"
        time.sleep(0.1)
    return path.read_text()


def test_a_stack_is_up_until_one_of_its_processes_dies(root: Path) -> None:
    assert str(root / "stack.json") in done("up", root)
    stack: dict[str, Any] = json.loads((root / "stack.json").read_text())

    assert (root / "stack.json").stat().st_mode & 0o077 == 0
    addresses, token = stack["addresses"], stack["tokens"]["participant"]
    assert asked(addresses["graphql"], token["token"]) == httpx.codes.OK
    assert asked(addresses["graphql"], "another") == httpx.codes.UNAUTHORIZED
    assert sorted(stack["tokens"]) == ["coordinator", "operator", "participant"]
    assert done("token", root) == f"{token['token']}\n"
    with MongoClient[dict[str, Any]](addresses["mongo"]) as mongo:
        database = mongo[stack["database"]]
        assert database["users"].find_one({"_id": token["user_id"]}) is not None
        assert database["subscriptions"].count_documents({"open": True}) == 2
        assert database["report_jobs"].count_documents({}) == 0

    assert "Already up" in done("up", root)
    with Redis.from_url(addresses["redis"]) as redis:
        os.kill(redis.info("server")["process_id"], signal.SIGKILL)
    assert "redis ended by SIGKILL" in wait_for(root / "up" / "failed.txt")
    assert not (root / "stack.json").exists()
    require_all_gone(root)
    assert "redis ended by SIGKILL" in wait_for(root / "up" / "logs" / "background.log")
    assert "Nothing to stop" in done("down", root)


def test_a_stack_can_be_stopped_while_it_starts(root: Path) -> None:
    with command("up", root) as starting:
        wait_for(root / "up" / "logs" / "background.log", "Starting MongoDB")
        wait_for(root / "up" / "logs" / "mongod.log", "{")
        assert "Stopped" in done("down", root)
        said, _ = starting.communicate(timeout=30)
        assert starting.returncode == 1
    assert "Stopped" in said
    assert "Traceback" not in said
    assert holder_of(root / "up") is None
    require_all_gone(root)


def test_what_a_killed_supervisor_leaves_is_cleaned_up(root: Path) -> None:
    with command("run", root) as supervisor:
        wait_for(root / "up" / "logs" / "mongod.log", "{")
        (root / "stack.json").write_text("{}")
        supervisor.kill()
        supervisor.communicate()
    require_all_gone(root)
    assert "Nothing to stop" in done("down", root)
    assert not (root / "stack.json").exists()
