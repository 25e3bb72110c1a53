"""Processes that live and die together."""

import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from local_stack.environment import base_environment
from local_stack.process import ManagedProcess

_GRACE_SECONDS = 10.0


class ProcessGroup:
    """Starts processes, and stops them all when its ``with`` block ends.

    Args:
        data: The stack's folder; logs go to its ``logs``.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._processes: list[ManagedProcess] = []

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> ManagedProcess:
        """Start a program and return at once.

        Args:
            name: What to call it, also the name of its log file.
            command: The program and its arguments.
            environment: Added to the variables that every child gets.
            user: The account to run as; needs root.
            stop_signal: What makes it end in good order.
        """
        process = ManagedProcess(
            name,
            command,
            environment=base_environment(self.data) | dict(environment or {}),
            logs=self.data / "logs",
            directory=self.data,
            user=user,
            stop_signal=stop_signal,
        )
        self._processes.append(process)
        return process

    def require_all_running(self) -> None:
        """Raise if any process has ended.

        Raises:
            StackError: The first that ended, with the end of its log.
        """
        for process in self._processes:
            process.require_running()

    def stop(self) -> None:
        """Ask all processes to stop, and kill what is left after ten seconds."""
        deadline = time.monotonic() + _GRACE_SECONDS
        for process in self._processes:
            process.ask_to_stop()
        while self._processes:
            self._processes.pop().stop(max(0.0, deadline - time.monotonic()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
