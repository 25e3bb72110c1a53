"""What a measurement prints: Markdown, to be copied into the documents as it is."""

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.comparison import Measured
from local_stack.environment import PROJECT

_MICRO = 1e6


def print_table(what: str, measured: Sequence[Measured]) -> None:
    """Print one line for each variant, the baseline first.

    Args:
        what: The heading of the first column.
        measured: The variants.
    """
    lines = [
        f"| {what} | CPU µs | ratio | half of the rounds | requests |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for one in measured:
        lower, upper = one.spread
        lines.append(
            f"| {one.name} | {one.cost * _MICRO:.0f} | {one.ratio:.2f} "
            f"| {lower:.2f} to {upper:.2f} | {one.times} |"
        )
    _print("", *lines)


def print_circumstances(packages: Iterable[str]) -> None:
    """Print when, where and with what was measured.

    Args:
        packages: The installed packages that matter, by name.
    """
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    _print(
        "",
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}",
        f"- {os.cpu_count()} cores of {_processor()}, load {load}",
        f"- Python {platform.python_version()}, {versions}",
    )


def print_claim(ratio: float, most: float) -> None:
    """Print whether the second line's ratio is as small as is promised.

    Args:
        ratio: What was measured.
        most: What is promised.
    """
    word = "holds" if ratio <= most else "DOES NOT HOLD"
    _print("", f"Promised: at most {most}; measured {ratio:.2f}: {word}.")


def _print(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - it is what a measurement is for


def _commit() -> str:
    git = ("git", "-C", str(PROJECT), "describe", "--always", "--dirty", "--exclude=*")
    try:
        found = subprocess.run(git, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
