"""How a command ends that cannot do its work."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam

import pytest

from local_stack.command import run_command
from local_stack.data_folder import locked
from local_stack.errors import ConfigurationError, StackError
from local_stack.process_group import ProcessGroup


def test_a_wrong_installation_is_one_message_and_status_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work() -> int:
        raise ConfigurationError("code", "Please turn [it] on.")

    assert run_command(work) == 1
    assert capsys.readouterr().err == "Please turn [it] on.\n"


def test_a_full_disk_is_named_as_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    full = Path("/dev/full")  # every write to it fails as on a full disk
    assert run_command(lambda: full.write_text("more")) == 1
    assert capsys.readouterr().err == (
        "The disk is full. Please free some space, and try again.\n"
    )


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(FileNotFoundError):
        run_command(lambda: int(Path("/nowhere/at/all").read_text()))


def test_a_folder_of_somebody_else_is_named_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o500)

    def work() -> int:
        with unprivileged(), locked(tmp_path / "up"):
            return 0

    assert run_command(work) == 1
    said = capsys.readouterr().err
    assert "may not write to" in said
    assert str(tmp_path) in said


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be an account for which permissions count, if we are root."""
    account = os.geteuid()
    os.seteuid(account or getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(account)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_process_that_filled_the_disk_is_explained(tmp_path: Path) -> None:
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        with ProcessGroup(tmp_path) as group:
            fill = "head -c 9M /dev/zero > filled"
            process = group.start("filler", ["sh", "-c", fill])
            with pytest.raises(StackError, match=r"filler ended .* is full") as caught:
                group.finish(process, timeout=30)
        assert str(tmp_path) in str(caught.value)
    finally:
        subprocess.run(["/bin/umount", str(tmp_path)], check=True)
