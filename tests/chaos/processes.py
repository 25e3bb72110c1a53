"""Finding the processes of a Celery worker."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from local_stack.sessions import members_of

_TITLES = (b"[celeryd:", b"airflow supervisor:")
"""How a Celery child calls itself, at rest and at work. The worker has another
child, which cleans up old DAG files."""


def celery_children(worker: int) -> list[int]:
    """Return the processes that look after a worker's tasks.

    Args:
        worker: The worker's process id.
    """
    children = _children(worker, {worker})
    return [pid for pid in children if _title(pid).startswith(_TITLES)]


def tasks(worker: int) -> list[int]:
    """Return the processes in which tasks run, one for each.

    Args:
        worker: The worker's process id.
    """
    return _children(worker, celery_children(worker))


def _children(session: int, parents: Collection[int]) -> list[int]:
    return sorted(pid for pid in members_of(session) if _parent(pid) in parents)


def _parent(pid: int) -> int:
    # proc(5): "pid (name) state ppid ...".
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def _title(pid: int) -> bytes:
    return _read(pid, "cmdline")


def _read(pid: int, name: str) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""
