"""The API alone in the foreground: over the settings that are there."""

import os
import sys
from typing import NoReturn

from rich.console import Console

from local_stack.background.places import Places
from local_stack.background.stack_file import running_stack_file
from local_stack.command import say
from local_stack.errors import StackError
from local_stack.ports import LOOPBACK

_PREFIX = "TRIAL_REPORTS_"


def serve_api(places: Places, port: int, console: Console) -> NoReturn:
    """Become the API, with the environment's settings or those of ``make up``.

    Args:
        places: Where the files of a background stack are.
        port: Where the API shall answer, on the loopback interface.
        console: Where it is said whose settings it has.

    Raises:
        StackError: There are neither.
    """
    environment = dict(os.environ)
    if not any(name.startswith(_PREFIX) for name in environment):
        environment |= _environment_of_stack(places)
        # Pages of its own: those of the IDE ask this one.
        environment[f"{_PREFIX}LINKS__PUBLIC_URL"] = f"http://{LOOPBACK}:{port}"
        say(console, f"Over the stack of make up, see {places.stack_file}")
    arguments = ["-m", "graphql_api", "--host", LOOPBACK, "--port", str(port)]
    say(console, f"http://{LOOPBACK}:{port}/graphql; Ctrl-C stops it")
    os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606 - no shell is needed


def _environment_of_stack(places: Places) -> dict[str, str]:
    try:
        return running_stack_file(places).environment
    except StackError:
        raise StackError(
            "nothing_configured",
            "The API needs a database and a store. Start them with make up, or set "
            f"{_PREFIX}... in the environment as .env.example shows.",
        ) from None
