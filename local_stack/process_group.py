"""Processes that live and die together, and with the one that started them."""

import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from local_stack.environment import base_environment
from local_stack.guard import Guard
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
        self._guard: Guard | None = None

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
        basis = base_environment(self.data)
        self._guard = self._guard or Guard(self.data, basis)
        process = ManagedProcess(
            name,
            command,
            environment=basis | dict(environment or {}),
            logs=self.data / "logs",
            directory=self.data,
            user=user,
            stop_signal=stop_signal,
        )
        self._processes.append(process)
        self._guard.watch_over(process.pid, stop_signal)
        return process

    @property
    def processes(self) -> tuple[ManagedProcess, ...]:
        """What was started here, and is not a command that has done its work."""
        return tuple(self._processes)

    def find(self, name: str) -> ManagedProcess:
        """Return a process by its name.

        Raises:
            LookupError: There is none of that name.
        """
        for process in self._processes:
            if process.name == name:
                return process
        raise LookupError(f"{name} has not been started here")

    def restart(
        self, process: ManagedProcess, changes: Mapping[str, str] | None = None
    ) -> None:
        """Start a process anew, whether it has ended or not; do not wait.

        Args:
            process: Was started here.
            changes: Variables that are different from now on.
        """
        before = process.pid
        process.restart(changes or {})
        if self._guard is not None:
            self._guard.forget(before)
            self._guard.watch_over(process.pid, process.stop_signal)

    def finish(self, process: ManagedProcess, timeout: float) -> None:
        """Wait until a command has done its work.

        Args:
            process: Was started here.
            timeout: How long it may take, in seconds.

        Raises:
            StackError: It failed or took too long; shows the end of its log.
        """
        process.wait_until_done(timeout)
        self._processes.remove(process)
        if self._guard is not None:
            self._guard.forget(process.pid)

    def require_all_running(self) -> None:
        """Raise if any process has ended.

        Raises:
            StackError: The first that ended, with the end of its log.
        """
        for process in self._processes:
            process.require_running()

    def processor_seconds(self) -> dict[str, float]:
        """Return the processor time that each process has used, by its name."""
        return {process.name: process.processor_seconds for process in self._processes}

    def stop(self) -> None:
        """Ask all processes to stop, and kill what is left after ten seconds."""
        deadline = time.monotonic() + _GRACE_SECONDS
        for process in self._processes:
            process.ask_to_stop()
        while self._processes:
            self._processes.pop().stop(max(0.0, deadline - time.monotonic()))
        if self._guard is not None:
            self._guard.release()
            self._guard = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
