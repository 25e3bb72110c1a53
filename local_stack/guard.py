"""Stops what is left when the process that started the stack is gone.

The parent writes a line ``PID SIGNAL`` for each process it starts, and ``PID 0``
once that has ended: its number may become somebody else's. The end of the input
means that the parent has stopped the others, or that it was killed. While the
guard stops what is left, it keeps a new stack out of the folder.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from local_stack.sessions import is_living, kill_session, members_of

LOCK = "lock"
"""The file in the data folder that a running stack has locked."""

_GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.1
_ENDED = 0


class Guard:
    """The guard, seen from the parent.

    Args:
        data: The stack's folder.
        environment: Its whole environment.
    """

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local_stack.guard", str(data / LOCK)],
            env=dict(environment),
            stdin=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )

    def watch_over(self, pid: int, stop_signal: int) -> None:
        """Have this process stopped when the parent is gone.

        Args:
            pid: The first process of its session.
            stop_signal: What makes it end in good order.
        """
        self._tell(pid, stop_signal)

    def forget(self, pid: int) -> None:
        """Leave this process alone: it has ended."""
        self._tell(pid, _ENDED)

    def release(self) -> None:
        """Let it end, since everything has been stopped."""
        self._process.communicate()

    def _tell(self, pid: int, stop_signal: int) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{pid} {stop_signal}\n")
            self._process.stdin.flush()


def main(lock: Path) -> None:
    """Wait for the end of the input, then stop every process it named.

    Args:
        lock: The lock of the data folder, if it has one.
    """
    signals: dict[int, int] = {}
    for line in sys.stdin:
        pid, stop_signal = map(int, line.split())
        signals[pid] = stop_signal
    left = {pid: s for pid, s in signals.items() if s != _ENDED and members_of(pid)}
    if left:
        with ExitStack() as until_the_end:
            with suppress(FileNotFoundError, BlockingIOError):
                held = until_the_end.enter_context(lock.open())
                # Shared: a stack has two guards.
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            _stop(left)


def _stop(left: Mapping[int, int]) -> None:
    for pid, stop_signal in left.items():
        with suppress(ProcessLookupError):
            os.kill(pid, stop_signal)
    deadline = time.monotonic() + _GRACE_SECONDS
    while any(map(is_living, left)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    for pid in left:
        kill_session(pid)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
