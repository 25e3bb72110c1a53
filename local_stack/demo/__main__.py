"""``python -m local_stack.demo``: watch weekly reports arrive."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console

from local_stack.demo.outcome import Outcome, outcomes
from local_stack.demo.progress import watch_run
from local_stack.demo.table import outcome_table, totals
from local_stack.environment import PROJECT
from local_stack.errors import StackError
from local_stack.mailbox.faults import FaultRule
from local_stack.sample_study import Awkwardness, generate, load, subscribe_everybody
from local_stack.services import BUCKET
from local_stack.stack import Stack, running_stack
from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import ReportError
from trial_reports.jobs.models import STAGES
from trial_reports.jobs.repository import Jobs
from trial_reports.periods.owed import last_tick
from trial_reports.provisioning import provision
from trial_reports.settings import load_settings
from trial_reports.storage.storage import Storage
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS, queue_of

_DATA = PROJECT / ".local" / "demo"
_REPORTS = PROJECT / ".local" / "reports"
_WIDTH = 110
"""Columns of the table where no terminal says how many there are."""

_PDF_BYTES = 256 * 1024 * 1024


def main() -> int:
    """Run the demo; returns the exit status."""
    arguments = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(
        "Starting MongoDB, PostgreSQL, Redis, S3/SQS, the mailbox and Airflow"
    )
    try:
        with running_stack(_DATA, fresh=True) as stack:
            found = _run_week(stack, arguments.participants, arguments.seed, console)
            if not arguments.once:
                console.print("\nEverything stays up until you press Ctrl-C.")
                stack.watch()
            return 0 if all(outcome.is_right for outcome in found) else 1
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 0
    except ReportError as error:
        Console(stderr=True).print(f"[red]{error.message}[/red]", highlight=False)
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--participants", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--once", action="store_true", help="end after the report week")
    return parser.parse_args()


def _run_week(
    stack: Stack, participants: int, seed: int, console: Console
) -> list[Outcome]:
    services = stack.services
    os.environ.update(services.environment())
    settings = load_settings()
    database = clients.mongo_database(settings)
    s3 = clients.s3_client(settings)
    storage = clients.storage(settings, s3)
    queues = DeadLetterQueues(
        clients.sqs_client(settings), settings.dead_letters.queue_prefix
    )
    provision(database, queues, s3, settings.storage)
    slots = settings.pipeline.stage_slots
    stack.airflow.import_pools({queue_of(stage): slots for stage in STAGES})

    tick = last_tick(datetime.now(UTC), settings.schedule)
    sample = generate(seed, participants, tick)
    with _step(console, f"Loading a sample study with {participants} participants"):
        load(sample, database, storage, f"s3://{BUCKET}/files")
        wishes = subscribe_everybody(sample, database, settings.schedule)
    for person in sample.people:
        if person.awkwardness is Awkwardness.REFUSED_ADDRESS:
            rule = FaultRule(recipient=person.user.email, fault=400)
            services.mailbox.fail(rule)

    _wait_for_dag(stack)
    stack.airflow.unpause(WEEKLY_REPORTS)
    run = stack.airflow.trigger_dag(
        WEEKLY_REPORTS, {"as_of": tick.isoformat(), "reason": "demo"}
    )
    console.print(f"Airflow runs {WEEKLY_REPORTS} as of {tick:%A %d %B %Y %H:%M} UTC")
    jobs = Jobs(database)
    state = watch_run(stack, run, jobs, console)
    stack.airflow.unpause(DISPATCH_REPORTS)

    planned = list(jobs.of_run(run))
    found = outcomes(wishes, planned, services.mailbox.messages())
    pdfs = _save_reports(found, storage)
    console.print(outcome_table(found, f"Reports for the week before {tick:%d %B %Y}"))
    console.print(f"[bold]{totals(found)}[/bold] (the run: {state})")
    console.print(
        f"\nPDFs     {pdfs} in {_REPORTS}, from {settings.storage.reports_uri}"
    )
    console.print(f"Mailbox  {services.mailbox.url}")
    console.print(
        f"Airflow  {stack.airflow_url}  user {stack.airflow_user}, "
        f"password {stack.airflow_password}",
        highlight=False,
    )
    console.print(f"API      {services.api_url}/graphql")
    return found


def _wait_for_dag(stack: Stack) -> None:
    deadline = time.monotonic() + 120
    while not stack.airflow.has_dag(WEEKLY_REPORTS):
        errors = stack.airflow.import_errors()
        if errors or time.monotonic() > deadline:
            raise StackError("dag", "\n".join(errors) or "Airflow finds no DAG.")
        time.sleep(0.5)


def _save_reports(found: list[Outcome], storage: Storage) -> int:
    """Copy the PDFs out of the embedded S3, which forgets them when it stops."""
    _REPORTS.mkdir(parents=True, exist_ok=True)
    for old in _REPORTS.glob("*.pdf"):
        old.unlink()
    saved = 0
    for outcome in found:
        if outcome.job is not None and outcome.job.report is not None:
            pdf = storage.read(outcome.job.report.artifact.uri, limit=_PDF_BYTES)
            (_REPORTS / f"{outcome.job.id}.pdf").write_bytes(pdf)
            saved += 1
    return saved


@contextmanager
def _step(console: Console, text: str) -> Iterator[None]:
    with console.status(text):
        yield
    console.print(text)


if __name__ == "__main__":
    sys.exit(main())
