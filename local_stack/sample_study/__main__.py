"""``python -m local_stack.sample_study``: print what a sample would hold."""

import argparse
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from local_stack.sample_study import Person, SampleStudy, generate
from local_stack.sample_study.weeks import Weeks
from trial_reports.periods.owed import last_tick
from trial_reports.settings import Schedule

_MOST_PEOPLE = 10_000


def main() -> None:
    """Print what a sample would hold; nothing is uploaded."""
    arguments = _arguments()
    sample = generate(arguments.seed, arguments.participants, arguments.tick)
    Console().print(table(sample))


def table(sample: SampleStudy) -> Table:
    """Return a line for each person and one for the sum."""
    counts = [_counts(person, sample) for person in sample.people]
    documents, in_week, files = map(sum, zip(*counts, strict=True))
    shown = Table(
        title=f"Tick {sample.last_tick:%Y-%m-%d %H:%M} UTC",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_footer=True,
    )
    shown.add_column("Person", f"{len(sample.people)} people")
    shown.add_column("Time zone", no_wrap=True)
    shown.add_column("Oddity", no_wrap=True)
    shown.add_column("Docs", str(documents), justify="right")
    shown.add_column("Week", str(in_week), justify="right")
    shown.add_column("Files", str(files), justify="right")
    for person, numbers in zip(sample.people, counts, strict=True):
        user, oddity = person.user, person.awkwardness
        odd = oddity.name.lower().replace("_", " ") if oddity else ""
        shown.add_row(user.name, user.time_zone, odd, *map(str, numbers))
    return shown


def _counts(person: Person, sample: SampleStudy) -> tuple[int, int, int]:
    week = Weeks(sample.last_tick, person.user.time_zone).period(0)
    in_week = [d for d in person.documents if week.start <= d.recorded_at < week.end]
    return len(person.documents), len(in_week), len(person.files)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local_stack.sample_study", description=main.__doc__
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--participants", type=_head_count, default=25)
    parser.add_argument(
        "--tick",
        type=_instant,
        default=last_tick(datetime.now(UTC), Schedule()),
        help="a weekly tick in UTC such as 2026-11-23T12:00; the last one if left out",
    )
    return parser.parse_args()


def _head_count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"has to be from 1 to {_MOST_PEOPLE}")
    return number


def _instant(text: str) -> datetime:
    written = datetime.fromisoformat(text)
    return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
