"""The parent's side of the child process that makes reports."""

import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Timer

from trial_reports.errors import (
    PermanentError,
    ServiceError,
    StageError,
    TransientError,
)
from trial_reports.reports.exchange import MOST_BYTES, OUT_OF_MEMORY, Answer, Setup

_PASSED_ON = (
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "PATH",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)
"""What Python and fontconfig may need; no credentials, settings or proxies."""

_STARTING_SECONDS = 120
_ENDING_SECONDS = 10
"""How long a child that has closed its socket may take to be gone."""

_SHORT_OF_MEMORY = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGTRAP)
"""How the child ends when memory runs out: in Python, in the C library, in glib."""


class RendererChild:
    """A running child: frames go in, answers come out, each within a time limit.

    It ends with this object: it sees the end of its standard input, and is
    killed besides.

    Args:
        setup: What the child is told.
        seconds: How long it may take for each message and answer.

    Raises:
        ServiceError: It cannot start here, whatever the report.
    """

    def __init__(self, setup: Setup, seconds: float) -> None:
        self._seconds: float = _STARTING_SECONDS
        self._parent, child = Pipe()
        with child:
            self._process = _started(setup, child)
        self.end = weakref.finalize(self, _end, self._process, self._parent)
        try:
            self.answer()
        except StageError as error:
            self.end()
            raise ServiceError(
                "renderer_unavailable", f"The renderer cannot start: {error}"
            ) from None
        self._seconds = seconds

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def tell(self, *frames: bytes) -> None:
        """Send frames.

        Raises:
            PermanentError: The child ran out of memory or processor time.
            TransientError: It hangs or died.
        """
        with self._time_limit():
            for frame in frames:
                self._parent.send_bytes(frame)

    def answer(self) -> Answer:
        """Return the child's next answer.

        Raises:
            PermanentError: As for ``tell``, or the child said so.
            TransientError: The same.
        """
        answer = Answer.model_validate_json(self.frame())
        answer.raise_error()
        return answer

    def frame(self) -> bytes:
        """Return the child's next frame.

        Raises:
            PermanentError: As for ``tell``.
            TransientError: The same.
        """
        with self._time_limit():
            return self._parent.recv_bytes(MOST_BYTES)

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Kill a child that hangs, and say why one died."""
        deadline = time.monotonic() + self._seconds
        watchdog = Timer(self._seconds, self._process.kill)
        watchdog.start()
        try:
            yield
        except (EOFError, OSError):
            raise self._death(hung=time.monotonic() >= deadline) from None
        finally:
            watchdog.cancel()

    def _death(self, *, hung: bool) -> StageError:
        if hung:
            return TransientError(
                "render_timed_out", f"Nothing came of it in {self._seconds:g} s."
            )
        try:
            status = self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            return TransientError("renderer_died", "The renderer fell silent.")
        if status in _SHORT_OF_MEMORY:
            return PermanentError(
                "render_out_of_memory", "The report takes more memory than it may."
            )
        if status == -signal.SIGXCPU:
            return PermanentError(
                "render_out_of_time", "The report takes more time than it may."
            )
        return TransientError("renderer_died", f"Its exit status was {status}.")


def _started(setup: Setup, channel: Connection) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "trial_reports.reports.renderer_main",
                setup.model_dump_json(),
            ],
            cwd="/",
            env=_environment(),
            stdin=channel.fileno(),
            # Warnings of WeasyPrint and Pillow quote what they stumble on.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise ServiceError(
            "renderer_unavailable", f"The renderer cannot start: errno {error.errno}."
        ) from None


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    path = [str(Path(folder).absolute()) for folder in sys.path if folder]
    return kept | {"LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(path)}


def _end(process: subprocess.Popen[bytes], channel: Connection) -> None:
    channel.close()
    process.kill()
    process.wait()
