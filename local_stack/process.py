"""A child process with a log of its own."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from pwd import getpwnam
from typing import Any

from local_stack.errors import StackError
from local_stack.processor_time import processor_seconds
from local_stack.sessions import kill_session

_POLL_SECONDS = 0.05
_LOG_LINES = 15
_FULL_BYTES = 1024**2


class ManagedProcess:
    """A program in a session of its own, with its output in a log file.

    Args:
        name: What to call it, also the name of its log file.
        command: The program and its arguments.
        environment: The whole environment; nothing is inherited.
        logs: The folder for the log file.
        directory: The working directory.
        user: The account to run as; needs root.
        stop_signal: What makes it end in good order.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        logs: Path,
        directory: Path,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self.stop_signal = stop_signal
        self._command = list(map(str, command))
        self._environment = dict(environment)
        self._directory = directory
        self._user = user
        logs.mkdir(parents=True, exist_ok=True)
        self._process = self._start()

    @property
    def pid(self) -> int:
        """The process id, which is also that of its session."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def processor_seconds(self) -> float:
        """The processor time of it and of what it started, ended children too."""
        return processor_seconds(self.pid)

    def wait_until(self, ready: Callable[[], bool], timeout: float) -> None:
        """Wait until the process answers.

        Args:
            ready: Asks it; must not wait longer than a second itself.
            timeout: How long it may take, in seconds.

        Raises:
            StackError: It ended or took too long; shows the end of its log.
        """
        deadline = time.monotonic() + timeout
        while not ready():
            self.require_running()
            if time.monotonic() > deadline:
                raise self._failure("not_ready", f"did not answer within {timeout:g} s")
            time.sleep(_POLL_SECONDS)

    def wait_until_done(self, timeout: float) -> None:
        """Wait until a command has done its work.

        Args:
            timeout: How long it may take, in seconds.

        Raises:
            StackError: It failed or took too long; shows the end of its log.
        """
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._failure("not_done", f"ran longer than {timeout:g} s") from None
        if code:
            raise self._failure("failed", _ending(code))

    def require_running(self) -> None:
        """Raise if the process has ended.

        Raises:
            StackError: It ended; shows the end of its log.
        """
        code = self._process.poll()
        if code is not None:
            raise self._failure("died", _ending(code))

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended; do not wait."""
        if self.running:
            self._process.send_signal(number)

    def ask_to_stop(self) -> None:
        """Send the stop signal, and do not wait."""
        self.send(self.stop_signal)

    def kill(self) -> None:
        """Kill the process and whatever it started, at once."""
        self._process.kill()
        self._process.wait()
        kill_session(self.pid)

    def restart(self, changes: Mapping[str, str]) -> None:
        """Start the same program anew; what is left of the old one is killed.

        Args:
            changes: Variables that are different from now on.
        """
        self.kill()
        self._environment |= changes
        self._process = self._start()

    def stop(self, grace: float) -> None:
        """Stop the process and whatever it started.

        Args:
            grace: How long it may take to end in good order, in seconds.
        """
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        self.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self._command,
                cwd=self._directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **_account(self._user),
            )

    def _failure(self, code: str, what: str) -> StackError:
        if shutil.disk_usage(self.log.parent).free < _FULL_BYTES:
            return StackError(
                "disk_full",
                f"{self.name} {what}: the disk that holds {self.log.parent} is full. "
                "Please free some space, and try again.",
            )
        lines = self.log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
        end = "\n".join(f"  | {line}" for line in lines) or "  | (nothing)"
        return StackError(
            f"{self.name}_{code}",
            f"{self.name} {what}. Its log {self.log} ends:\n{end}",
        )


def _ending(code: int) -> str:
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _account(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": getpwnam(user).pw_gid, "extra_groups": ()}
