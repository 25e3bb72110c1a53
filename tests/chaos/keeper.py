"""Starts again what has died, as systemd or Kubernetes would."""

import time
from collections.abc import Sequence

from local_stack.process import ManagedProcess
from local_stack.process_group import ProcessGroup
from tests.chaos.repeating import Repeating

_POLL_SECONDS = 0.2
_RESTART_SECONDS = 1.0


class Keeper(Repeating):
    """Watches over processes while its ``with`` block runs.

    Args:
        groups: Whose processes.
    """

    def __init__(self, groups: Sequence[ProcessGroup]) -> None:
        super().__init__("keeper", _POLL_SECONDS)
        self._groups = groups
        self._due: dict[str, float] = {}
        self.restarts = 0

    def process(self, name: str) -> ManagedProcess:
        """Return a process by its name."""
        return next(
            p for group in self._groups for p in group.processes if p.name == name
        )

    def hold(self, name: str, seconds: float) -> None:
        """Leave a process that ends now away for so long."""
        self._due[name] = time.monotonic() + seconds

    def act(self) -> None:
        """Start again whatever has been away for long enough."""
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
