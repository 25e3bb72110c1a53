"""The one folder that holds everything the stack writes."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.errors import ConfigurationError

_LOCK = "lock"
_OWNER_WRITES_ALL_MAY_ENTER = 0o711
"""PostgreSQL runs as another account when we are root."""


def empty(data: Path) -> None:
    """Throw away what an earlier stack left in a folder that is locked."""
    for left in data.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != _LOCK:
            left.unlink()


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
    data.chmod(_OWNER_WRITES_ALL_MAY_ENTER)
    with (data / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                "stack_running", f"A stack is already running in {data}."
            ) from None
        yield data
