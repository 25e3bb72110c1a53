"""Stops what is left when the process that started the stack is gone.

The parent writes a line ``PID SIGNAL`` for each process it starts, and ``PID 0``
once that has ended: its number may become somebody else's. The end of the input
means that the parent has stopped the others, or that it was killed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from local_stack.sessions import is_living, kill_session, members_of

_GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.1
_ENDED = 0


class Guard:
    """The guard, seen from the parent.

    Args:
        environment: Its whole environment.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local_stack.guard"],
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


def main() -> None:
    """Wait for the end of the input, then stop every process it named."""
    signals: dict[int, int] = {}
    for line in sys.stdin:
        pid, stop_signal = map(int, line.split())
        signals[pid] = stop_signal
    left = {pid: s for pid, s in signals.items() if s != _ENDED and members_of(pid)}
    for pid, stop_signal in left.items():
        with suppress(ProcessLookupError):
            os.kill(pid, stop_signal)
    deadline = time.monotonic() + _GRACE_SECONDS
    while any(map(is_living, left)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    for pid in left:
        kill_session(pid)


if __name__ == "__main__":
    main()
