"""Stopping the background stack."""

import os
import signal
import time
from contextlib import suppress

from rich.console import Console

from local_stack.background.places import Places
from local_stack.command import say
from local_stack.data_folder import holder_of
from local_stack.errors import StackError

_GRACE_SECONDS = 45.0
"""Twice what the supervisor gives its processes: two groups, one after the other."""

_KILLED_SECONDS = 15.0
_POLL_SECONDS = 0.1


def down(places: Places, console: Console) -> None:
    """Stop the stack if it runs.

    Args:
        places: Where its files are.
        console: Where it says what it did.

    Raises:
        StackError: It cannot be stopped.
    """
    supervisor = holder_of(places.data)
    if supervisor is None:
        places.stack_file.unlink(missing_ok=True)
        why = f"; why the last one ended is in {places.failed}"
        say(console, "Nothing to stop" + (why if places.failed.exists() else ""))
        return
    _signal(supervisor, signal.SIGTERM)
    if not _is_free(places, _GRACE_SECONDS):
        _signal(supervisor, signal.SIGKILL)  # the guard stops the rest
        if not _is_free(places, _KILLED_SECONDS):
            raise StackError("not_down", f"Process {supervisor} cannot be stopped.")
    places.stack_file.unlink(missing_ok=True)
    say(console, f"Stopped; its logs stay in {places.logs}")


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_free(places: Places, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while holder_of(places.data) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
