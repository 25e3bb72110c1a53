"""How a command ends that cannot do its work: one message, status 1, no traceback."""

import errno
from collections.abc import Callable

from rich.console import Console

from trial_reports.errors import ReportError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def run_command(work: Callable[[], int]) -> int:
    """Do a command's work and say what went wrong, if something did.

    Args:
        work: Does it and returns the exit status.

    Returns:
        The exit status: 1 if the installation, a service or the disk is at
        fault. Anything else is a bug, and is raised.
    """
    try:
        return work()
    except (ReportError, OSError) as error:
        say(Console(stderr=True, style="red"), explanation(error))
        return 1


def say(console: Console, text: str) -> None:
    """Print a line as it is: paths and addresses are to be copied."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def explanation(error: ReportError | OSError) -> str:
    """Return what to tell about an error.

    Raises:
        OSError: The error itself, where it is a bug of ours.
    """
    if isinstance(error, ReportError):
        return error.message
    if error.errno in _FULL:
        return "The disk is full. Please free some space, and try again."
    if isinstance(error, PermissionError) and error.filename:
        return (
            f"This account may not write to {error.filename}. Please change its "
            "owner, or run this as the account that owns it."
        )
    raise error
