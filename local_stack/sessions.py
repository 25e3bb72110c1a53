"""The processes of a session: what a child started, and what that started.

Only the standard library is imported here, so that the guard starts at once.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_POLL_SECONDS = 0.01
_DEAD = ("X", "Z")


def members_of(session: int) -> list[int]:
    """Return the living processes of a session, whatever their group or parent.

    Args:
        session: The id of the session, which is that of its first process.
    """
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            # proc(5): "pid (name) state ppid pgrp session ...".
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if fields[0] not in _DEAD and int(fields[3]) == session:
                members.append(int(entry.name))
    return members


def is_living(session: int) -> bool:
    """Tell whether the first process of a session is still there."""
    return session in members_of(session)


def kill_session(session: int) -> None:
    """Kill every process of a session, and return when they are gone."""
    while members := members_of(session):
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)
