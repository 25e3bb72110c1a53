"""Making a running stack ready for its first week: tables, queues, a study."""

import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pymongo.database import Database

from graphql_api.identity import token_check
from local_stack.demo.api_client import ApiClient
from local_stack.demo.subscribing import subscribe_by_api
from local_stack.errors import ConfigurationError, StackError
from local_stack.mailbox.faults import FaultRule
from local_stack.sample_study import (
    Awkwardness,
    SampleStudy,
    Wish,
    generate,
    load,
)
from local_stack.services import BUCKET
from local_stack.stack import Stack
from trial_reports import clients
from trial_reports.database.model import Row
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.jobs.models import STAGES
from trial_reports.jobs.repository import Jobs
from trial_reports.periods.owed import last_tick
from trial_reports.provisioning import provision
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS, queue_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_DAG_SECONDS = 120
_MOST_PEOPLE = 10_000


@dataclass(frozen=True)
class Installation:
    """The product on a running stack, as a program outside sees it."""

    stack: Stack
    settings: Settings
    database: Database[Row]
    storage: Storage
    queues: DeadLetterQueues
    s3: "S3Client"
    sqs: "SQSClient"

    @property
    def api(self) -> ApiClient:
        """The API, asked in anybody's name.

        Raises:
            ConfigurationError: The stack has no key for development tokens.
        """
        tokens = token_check(self.settings)
        if tokens is None:
            raise ConfigurationError("development_key", "There is no development key.")
        return ApiClient(self.stack.services.api_url, tokens)

    @property
    def jobs(self) -> Jobs:
        """The jobs, for reading."""
        return Jobs(self.database)


@dataclass(frozen=True)
class LoadedStudy:
    """A sample study whose people have subscribed, and the tick that is due."""

    sample: SampleStudy
    wishes: list[Wish]
    tick: datetime


@contextmanager
def installed(stack: Stack, settings: Settings) -> Iterator[Installation]:
    """Provision a fresh stack and wait until Airflow knows the DAGs.

    Args:
        stack: The running stack.
        settings: Those of ``stack.services.environment()``.

    Yields:
        The installation; its clients are closed afterwards.

    Raises:
        StackError: Airflow cannot read the DAGs; says why.
    """
    with (
        closing(clients.s3_client(settings)) as s3,
        closing(clients.sqs_client(settings)) as sqs,
        closing(clients.mongo_client(settings)) as mongo,
    ):
        database = clients.with_guarantees(mongo, settings.mongo.database)
        queues = DeadLetterQueues(sqs, settings.dead_letters.queue_prefix)
        provision(database, queues, s3, settings.storage)
        slots = settings.pipeline.stage_slots
        stack.airflow.import_pools({queue_of(stage): slots for stage in STAGES})
        _wait_for_dags(stack)
        storage = clients.storage(settings, s3)
        yield Installation(stack, settings, database, storage, queues, s3, sqs)


def head_count(text: str) -> int:
    """Return a number of participants from a command line.

    Raises:
        argparse.ArgumentTypeError: There would be nobody, or far too many.
    """
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_PEOPLE:
        raise ArgumentTypeError(f"give a number from 1 to {_MOST_PEOPLE}, not {text}")
    return int(text)


def load_study(
    installation: Installation, seed: int, participants: int, now: datetime
) -> LoadedStudy:
    """Load a sample study about the last reported week; everybody subscribes by API.

    Args:
        installation: A provisioned installation.
        seed: The same seed gives the same study.
        participants: How many people subscribe or try to.
        now: The present, UTC; the week is the one before the last tick.

    Raises:
        ConfigurationError: A database elsewhere has the study from an earlier time.
    """
    schedule = installation.settings.schedule
    tick = last_tick(now, schedule)
    sample = generate(seed, participants, tick)
    _require_new(sample, installation)
    load(sample, installation.database, installation.storage, f"s3://{BUCKET}/files")
    for person in sample.people:
        if person.awkwardness is Awkwardness.REFUSED_ADDRESS:
            refusal = FaultRule(recipient=person.user.email, fault=400)
            installation.stack.services.mailbox.fail(refusal)
    wishes = subscribe_by_api(sample, installation.api, installation.database, schedule)
    return LoadedStudy(sample, wishes, tick)


def start_week(installation: Installation, study: LoadedStudy) -> str:
    """Have Airflow run ``weekly_reports`` for the study's week; returns the run."""
    airflow = installation.stack.airflow
    airflow.unpause(WEEKLY_REPORTS)
    return airflow.trigger_dag(
        WEEKLY_REPORTS, {"as_of": study.tick.isoformat(), "reason": "sample study"}
    )


def _require_new(sample: SampleStudy, installation: Installation) -> None:
    studies = installation.database["studies"]
    if studies.find_one({"_id": {"$in": [study.id for study in sample.studies]}}):
        raise ConfigurationError(
            "sample_loaded",
            f"The database {installation.database.name} at LOCAL_STACK_MONGO_URI holds "
            "the sample study already. Please drop it, or choose another seed.",
        )


def _wait_for_dags(stack: Stack) -> None:
    deadline = time.monotonic() + _DAG_SECONDS
    dags = (WEEKLY_REPORTS, DISPATCH_REPORTS)
    while not all(map(stack.airflow.has_dag, dags)):
        errors = stack.airflow.import_errors()
        if errors or time.monotonic() > deadline:
            raise StackError("dag", "\n".join(errors) or "Airflow lacks a DAG.")
        time.sleep(0.5)
