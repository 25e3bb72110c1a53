"""``python -m tests.chaos``: break everything, and see that no promise breaks."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from local_stack.command import run_command
from local_stack.environment import PROJECT
from local_stack.preconditions import require_sound_installation
from tests.chaos.conduct import conduct
from tests.chaos.plan import plan_storm
from tests.chaos.result import code_version
from tests.chaos.running import running_storms

_DATA = PROJECT / ".local" / "chaos"
_RESULTS = PROJECT / ".local" / "chaos.jsonl"
_WIDTH = 150
"""Columns of the table where no terminal says how many there are."""


def main() -> int:
    """Run the suite; return its exit status."""
    arguments = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    return run_command(lambda: _suite(arguments, console))


def _suite(arguments: argparse.Namespace, console: Console) -> int:
    require_sound_installation()
    version = code_version()
    plans = [
        plan_storm(arguments.seed + number, arguments.subscriptions, arguments.seconds)
        for number in range(arguments.storms)
    ]
    console.print(f"Starting the stack for storms over {version}")
    with running_storms(
        arguments.data, version, arguments.patience, console.print
    ) as storms:
        return conduct(plans, storms.run, version, arguments.results, console)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--storms", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1, help="of the first storm")
    parser.add_argument("--subscriptions", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60, help="of strikes")
    parser.add_argument("--patience", type=float, default=240, help="with recovery")
    parser.add_argument("--results", type=Path, default=_RESULTS)
    parser.add_argument("--data", type=Path, default=_DATA)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
