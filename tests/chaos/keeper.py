"""Starts again what has died, as systemd or Kubernetes would."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import Event, Thread
from types import TracebackType
from typing import Self

from local_stack.process import ManagedProcess
from local_stack.process_group import ProcessGroup

_POLL_SECONDS = 0.2
_RESTART_SECONDS = 1.0


class Keeper(AbstractContextManager["Keeper"]):
    """Watches over processes while its ``with`` block runs.

    Args:
        groups: Whose processes.
    """

    def __init__(self, groups: Sequence[ProcessGroup]) -> None:
        self._groups = groups
        self._due: dict[str, float] = {}
        self._ended = Event()
        self._thread = Thread(target=self._watch, name="keeper")
        self.restarts = 0

    def process(self, name: str) -> ManagedProcess:
        """Return a process by its name."""
        return next(
            p for group in self._groups for p in group.processes if p.name == name
        )

    def hold(self, name: str, seconds: float) -> None:
        """Leave a process that ends now away for so long."""
        self._due[name] = time.monotonic() + seconds

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_POLL_SECONDS):
            for group in self._groups:
                for process in group.processes:
                    if not process.running and self._is_due(process.name):
                        group.restart(process)
                        self.restarts += 1

    def _is_due(self, name: str) -> bool:
        """Tell whether it has been away for long enough."""
        now = time.monotonic()
        due = self._due.setdefault(name, now + _RESTART_SECONDS)
        if now < due:
            return False
        del self._due[name]
        return True
