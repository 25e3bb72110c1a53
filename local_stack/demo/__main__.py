"""``python -m local_stack.demo``: watch weekly reports arrive."""

import argparse
import os
import sys
from datetime import UTC, datetime

from rich.console import Console

from local_stack.command import run_command
from local_stack.demo.effort import Effort, effort_table
from local_stack.demo.following import Follower
from local_stack.demo.outcome import Outcome, outcomes
from local_stack.demo.prepare import (
    Installation,
    head_count,
    installed,
    load_study,
    start_week,
)
from local_stack.demo.progress import watch_run
from local_stack.demo.reading import (
    mail_about,
    open_link,
    ordinary,
    unsubscribe_by_one_click,
)
from local_stack.demo.table import outcome_table, totals
from local_stack.environment import PROJECT
from local_stack.preconditions import require_sound_installation
from local_stack.stack import running_stack
from trial_reports.settings import load_settings
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS

_DATA = PROJECT / ".local" / "demo"
_REPORTS = PROJECT / ".local" / "reports"
_WIDTH = 110
"""Columns of the table where no terminal says how many there are."""

_EVENT_SECONDS = 30.0
"""The time that the mailbox has to tell the API what became of the mails."""

_PDF_BYTES = 256 * 1024 * 1024


def main() -> int:
    """Run the demo.

    Returns:
        The exit status: 0 if every subscription ended as it should.
    """
    arguments = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    try:
        return run_command(lambda: _demo(arguments, console))
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 0


def _demo(arguments: argparse.Namespace, console: Console) -> int:
    require_sound_installation()
    console.print(
        "Starting MongoDB, PostgreSQL, Redis, S3/SQS, the mailbox and Airflow"
    )
    with running_stack(_DATA, fresh=True) as stack:
        os.environ.update(stack.services.environment())
        with installed(stack, load_settings()) as installation:
            found = _run_week(
                installation, arguments.participants, arguments.seed, console
            )
            _say_where_things_are(installation, console)
        if not arguments.once:
            console.print("\nEverything stays up until you press Ctrl-C.")
            stack.watch()
        return 0 if all(outcome.is_right for outcome in found) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--participants", type=head_count, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--once", action="store_true", help="end after the report week")
    return parser.parse_args()


def _run_week(
    installation: Installation, participants: int, seed: int, console: Console
) -> list[Outcome]:
    console.print(f"Loading a sample study with {participants} participants")
    study = load_study(installation, seed, participants, datetime.now(UTC))
    before = Effort.so_far(installation.stack)
    run = start_week(installation, study)
    reader = ordinary(study.wishes)[0]
    follower = Follower(installation.api, reader)
    tick = f"{study.tick:%A %d %B %Y, %H:%M} UTC"
    console.print(f"Airflow runs {WEEKLY_REPORTS} as of {tick}")
    jobs = installation.jobs
    stack = installation.stack
    state = watch_run(stack, run, jobs, console)
    after = Effort.so_far(stack)
    stack.airflow.unpause(DISPATCH_REPORTS)
    mailbox = stack.services.mailbox
    mailbox.wait_until_told(_EVENT_SECONDS)
    owned = list(jobs.of_run(run))
    subscriptions = Subscriptions(installation.database)
    found = outcomes(study.wishes, owned, mailbox.messages(), subscriptions)
    _save_reports(found, installation)
    console.print(outcome_table(found, "Reports for the week before " + tick))
    console.print(f"[bold]{totals(found)}[/bold] (Airflow's run: {state})")
    console.print()
    console.print(effort_table(before, after, len(owned)))
    console.print()
    _act_as_readers(ordinary(study.wishes), follower, installation, console)
    return found


def _act_as_readers(
    subscriptions: list[ReportSubscription],
    follower: Follower,
    installation: Installation,
    console: Console,
) -> None:
    """Do with two of the mails what their readers might."""
    statuses = ", ".join(follower.statuses())
    console.print(f"Told by jobStatus about {subscriptions[0].id}: {statuses}")
    mails = [mail_about(it, installation) for it in subscriptions[:2]]
    report = open_link(mails[0])
    console.print(f"Opened the link of its mail: a PDF of {len(report) // 1024} K")
    left = subscriptions[:2][-1]
    status = unsubscribe_by_one_click(mails[-1], left, installation.api)
    console.print(f"Unsubscribed {left.id} by one click in its mail: {status}")


def _say_where_things_are(installation: Installation, console: Console) -> None:
    stack = installation.stack
    places = {
        "PDFs": f"{_REPORTS}, copied from {installation.settings.storage.reports_uri}",
        "Mailbox": stack.services.mailbox.url,
        "Airflow": f"{stack.airflow_url} (user {stack.airflow_user}, "
        f"password {stack.airflow_password})",
        "API": f"{stack.services.api_url}/graphql",
    }
    console.print()
    for name, place in places.items():
        console.print(f"{name:8} {place}", highlight=False)


def _save_reports(found: list[Outcome], installation: Installation) -> None:
    """Copy the PDFs out of the embedded S3, which forgets them when it stops."""
    _REPORTS.mkdir(parents=True, exist_ok=True)
    for old in _REPORTS.glob("*.pdf"):
        old.unlink()
    for outcome in found:
        job = outcome.job
        if job is not None and job.report is not None:
            uri = job.report.artifact.uri
            pdf = installation.storage.read(uri, limit=_PDF_BYTES)
            (_REPORTS / f"{job.id}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    sys.exit(main())
