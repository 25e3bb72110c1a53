"""``python -m local_stack.background up|down|run|api|token``: the background stack."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from local_stack.background.api import serve_api
from local_stack.background.down import down
from local_stack.background.places import Places
from local_stack.background.supervisor import supervise
from local_stack.background.tokens import print_token
from local_stack.background.up import up
from local_stack.command import run_command
from local_stack.demo.prepare import head_count
from local_stack.environment import PROJECT


def main() -> int:
    """Do what the command line says.

    Returns:
        The exit status.
    """
    arguments = _arguments()
    places = Places(arguments.folder.absolute())
    study = (arguments.participants, arguments.seed)
    if arguments.action == "run":
        return supervise(places, *study)
    console = Console()
    try:
        if arguments.action == "api":
            return run_command(lambda: serve_api(places, arguments.port, console))
        if arguments.action == "token":
            return run_command(lambda: _token(places, arguments.role))
        return run_command(lambda: _act(arguments.action, places, study, console))
    except KeyboardInterrupt:
        console.print("\nNot waiting any longer; make down stops what was started.")
        return 1


def _act(action: str, places: Places, study: tuple[int, int], console: Console) -> int:
    if action == "up":
        up(places, *study, console)
    else:
        down(places, console)
    return 0


def _token(places: Places, role: str) -> int:
    print_token(places, role)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local_stack.background", description=__doc__
    )
    parser.add_argument(
        "action",
        choices=("up", "down", "run", "api", "token"),
        help="start and wait, stop, or run in this process until SIGTERM; "
        "api: another API, in this process, over the stack that runs; "
        "token: print somebody's token",
    )
    parser.add_argument("--folder", type=Path, default=PROJECT / ".local")
    parser.add_argument("--participants", type=head_count, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8000, help="of api")
    parser.add_argument("--role", default="participant", help="of token")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
