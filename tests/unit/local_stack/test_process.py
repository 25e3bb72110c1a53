import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_stack.errors import StackError
from local_stack.process_group import ProcessGroup


def _is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def _wait_for(path: Path) -> str:
    for _ in range(200):
        if path.exists() and path.read_text().strip():
            return path.read_text()
        time.sleep(0.02)
    raise AssertionError(f"{path.name} was not written")


def test_a_process_that_dies_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        process = group.start("oracle", ["sh", "-c", "echo no luck; exit 3"])
        with pytest.raises(StackError, match="oracle ended with code 3") as caught:
            process.wait_until(lambda: False, timeout=5)
    assert "no luck" in str(caught.value)


def test_a_process_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        process = group.start("sleeper", ["sleep", "60"])
        with pytest.raises(StackError, match="did not answer within"):
            process.wait_until(lambda: False, timeout=0.1)


def test_a_command_that_did_its_work_does_not_count_as_dead(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        group.finish(group.start("command", ["true"]), timeout=5)
        group.require_all_running()


def test_a_failed_command_is_reported(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        command = group.start("command", ["sh", "-c", "exit 2"])
        with pytest.raises(StackError, match="command ended with code 2"):
            group.finish(command, timeout=5)


def test_a_death_is_noticed_while_the_stack_runs(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        process = group.start("sleeper", ["sleep", "60"])
        os.kill(process.pid, signal.SIGKILL)
        process.wait_until(lambda: not process.running, timeout=5)
        with pytest.raises(StackError, match="sleeper ended"):
            group.require_all_running()


def test_children_of_a_stopped_process_are_stopped_too(tmp_path: Path) -> None:
    script = "setsid -f true; sleep 60 & echo $! > child; wait"
    with ProcessGroup(tmp_path) as group:
        group.start("parent", ["sh", "-c", script])
        child = int(_wait_for(tmp_path / "child"))
        assert _is_running(child)
    assert not _is_running(child)


def test_a_process_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        script = "trap '' TERM; echo ready > ready; while :; do sleep 0.1; done"
        process = group.start("stubborn", ["sh", "-c", script])
        _wait_for(tmp_path / "ready")
        process.stop(grace=0.2)
        assert not process.running


def test_nothing_is_left_when_the_starting_process_is_killed(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; import time\n"
        "from local_stack.process_group import ProcessGroup\n"
        f"data = Path({str(tmp_path)!r})\n"
        "with ProcessGroup(data) as group:\n"
        "    group.start('parent', ['sh', '-c', 'sleep 60 & echo $! > pid; wait'])\n"
        "    time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as parent:
        child = int(_wait_for(tmp_path / "pid"))
        parent.kill()
    for _ in range(100):
        if not _is_running(child):
            break
        time.sleep(0.02)
    assert not _is_running(child)


def test_children_inherit_nothing_that_was_not_meant_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with ProcessGroup(tmp_path) as group:
        group.finish(group.start("env", ["env"], environment={"ADDED": "yes"}), 5)
    seen = (tmp_path / "logs" / "env.log").read_text()
    assert "ADDED=yes" in seen
    assert f"HOME={tmp_path}" in seen
    assert "real" not in seen
    assert "PYTHONDONTWRITEBYTECODE" not in seen


def test_a_killed_process_is_started_again_with_what_has_changed(
    tmp_path: Path,
) -> None:
    script = "echo $COLOUR >> seen; sleep 60"
    colour = {"COLOUR": "red"}
    with ProcessGroup(tmp_path) as group:
        process = group.start("painter", ["sh", "-c", script], environment=colour)
        _wait_for(tmp_path / "seen")
        process.kill()
        (tmp_path / "seen").unlink()
        group.restart(group.find("painter"), {"COLOUR": "blue"})
        assert _wait_for(tmp_path / "seen") == "blue\n"
        group.require_all_running()
    assert not process.running
