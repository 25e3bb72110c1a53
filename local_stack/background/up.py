"""Starting the background stack, and waiting until everything answers."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from local_stack.background.places import Places
from local_stack.command import say
from local_stack.data_folder import empty, holder_of, locked
from local_stack.environment import PROJECT
from local_stack.errors import StackError

_POLL_SECONDS = 0.2
_LAST_LINES = 15


def up(places: Places, participants: int, seed: int, console: Console) -> None:
    """Start the stack unless it runs, and return when it is ready.

    Args:
        places: Where its files are.
        participants: How many people the sample study has.
        seed: The same seed gives the same study.
        console: Where progress is shown.

    Raises:
        StackError: It did not start; says why.
        ConfigurationError: The folder cannot be used.
    """
    holder = holder_of(places.data)
    if holder is not None and places.stack_file.exists():
        say(console, f"Already up: process {holder}, see {places.stack_file}")
        return
    if holder is not None:
        say(console, f"Already starting: process {holder}, waiting for it")
        _wait(places, console, lambda: holder_of(places.data) is None)
    else:
        supervisor = _started(places, participants, seed)
        _wait(places, console, lambda: supervisor.poll() is not None)
    say(console, f"Up: see {places.stack_file}; make down stops it")


def _started(places: Places, participants: int, seed: int) -> subprocess.Popen[bytes]:
    """Start a supervisor in an empty folder."""
    with locked(places.data) as data:
        empty(data)
        for leftover in (places.failed, places.stack_file):
            leftover.unlink(missing_ok=True)
        places.logs.mkdir()
    arguments = ["run", "--folder", str(places.root)]
    numbers = ["--participants", str(participants), "--seed", str(seed)]
    with places.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "local_stack.background", *arguments, *numbers],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(places: Places, console: Console, has_ended: Callable[[], bool]) -> None:
    """Show what the supervisor says until the stack is up.

    There is no limit of time: the supervisor has one for each of its steps.
    """
    shown = 0
    while not places.stack_file.exists():
        ended = has_ended()  # before its last words are read
        lines = _lines(places.log)
        if ended:
            reason = _lines(places.failed) or lines[-_LAST_LINES:]
            raise StackError("not_up", "\n".join(reason) or "It ended without a word.")
        for line in lines[shown:]:
            say(console, line)
        shown = len(lines)
        time.sleep(_POLL_SECONDS)


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines() if path.exists() else []
