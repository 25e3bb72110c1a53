"""The one folder that holds everything the stack writes."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.errors import ConfigurationError

_LOCK = "lock"
_FILES = ("ports.json", "secrets.json")
_FOLDERS = ("airflow", "home", "logs", "mailbox", "mongo", "postgres")
_OWNER_ONLY = 0o700
_ALL_MAY_ENTER = 0o711
"""Needed as root, since PostgreSQL then runs as another account."""


def empty(data: Path) -> None:
    """Throw away what an earlier stack left in a folder that is locked.

    Other things in the folder are left alone: somebody may have named their home.
    """
    for name in _FOLDERS:
        if (data / name).exists():
            shutil.rmtree(data / name)
    for name in _FILES:
        (data / name).unlink(missing_ok=True)


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
    with (data / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                "stack_running", f"A stack is already running in {data}."
            ) from None
        yield data
