"""How much processor time a program has used, with everything it started."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Usage:
    """What proc(5) says about a process; ``ticks`` includes ended children."""

    parent: int
    session: int
    ticks: int


def processor_seconds(session: int) -> float:
    """Return the user and system time of a session's processes, in seconds.

    Counted are the session's first process, all its descendants, whatever else
    is in the session, and every ended child that one of them has waited for.
    Lost is what ended after its own parent: nobody of ours has waited for it.

    Descendants are followed as well as the session, since PostgreSQL gives each
    of its children a session of its own.

    Args:
        session: The id of the session, which is that of its first process.
    """
    usages = dict(_usages())
    members = {pid for pid, usage in usages.items() if usage.session == session}
    while children := {
        pid for pid, u in usages.items() if u.parent in members and pid not in members
    }:
        members |= children
    return sum(usages[pid].ticks for pid in members) / _TICKS_PER_SECOND


def _usages() -> Iterator[tuple[int, _Usage]]:
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            # proc(5): "pid (name) state ppid pgrp session ...", and as fields 14
            # to 17 "utime stime cutime cstime"; here the state has index 0.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            ticks = sum(map(int, fields[11:15]))
            yield int(entry.name), _Usage(int(fields[1]), int(fields[3]), ticks)
