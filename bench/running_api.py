"""The real API as a process, over the real database, with reports to ask for."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.processor_clock import processor_clock
from graphql_api.identity import DevelopmentTokens
from local_stack.api_process import start_api
from local_stack.services import BUCKET, Services
from local_stack.stack import running_services
from tests.builders import a_job, a_study, a_subscription, a_user
from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.models import Claim, Delivery
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Artifact, Job, Report
from trial_reports.periods.models import ReportingPeriod
from trial_reports.provisioning import provision
from trial_reports.settings import Settings, load_settings
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User

_WEEKS = [f"2026-W{week}" for week in range(28, 48)]
_NEXT_WEEK = "2026-W48"
_AS_OFTEN_AS_THEY_LIKE = {"TRIAL_REPORTS_API__CALLER_PER_MINUTE": "1000000"}
"""The limit counts as always, but is never reached."""


@dataclass(frozen=True)
class RunningApi:
    """The API, and whose reports it has.

    Args:
        url: Its address.
        token: Signs the reader in.
        subscription_id: The reader's one subscription.
        job_id: The latest of its twenty completed jobs.
        pending_job_id: The job of the week after, which has no report yet.
        clock: The seconds of processor time that the API's process has used.
    """

    url: str
    token: str
    subscription_id: str
    job_id: str
    pending_job_id: str
    clock: Callable[[], float]


@contextmanager
def running_api() -> Iterator[RunningApi]:
    """Run the services and the API with one worker, as uvicorn starts it.

    Yields:
        The API, once it answers. Everything is stopped and removed afterwards.

    Raises:
        StackError: Something did not come up; shows the end of its log.
    """
    with TemporaryDirectory() as folder, running_services(Path(folder)) as services:
        os.environ.update(services.environment())
        settings = load_settings()
        user = a_user(subject=new_id("subject"))
        subscription = a_subscription(user)
        jobs = [_completed(subscription, week) for week in _WEEKS]
        pending = _job(subscription, _NEXT_WEEK)
        _store(settings, user, subscription, [*jobs, pending])
        api = start_api(services.processes, services, **_AS_OFTEN_AS_THEY_LIKE)
        api.wait_until_ready()
        yield RunningApi(
            url=services.api_url,
            token=_token(services, settings, user),
            subscription_id=subscription.id,
            job_id=jobs[-1].id,
            pending_job_id=pending.id,
            clock=processor_clock(services.processes.find("api").pid),
        )


def _completed(subscription: ReportSubscription, week: str) -> Job:
    then = ReportingPeriod.parse(week, "UTC").end
    # A URL is signed without asking the store, so no PDF has to be there.
    uri = f"s3://{BUCKET}/reports/{week}.pdf"
    artifact = Artifact(uri=uri, sha256="0" * 64, size=1)
    report = Report(artifact=artifact, pages=1, cut_off=then, made_at=then)
    return _job(
        subscription, week, status="completed", completed_at=then, report=report
    )


def _job(subscription: ReportSubscription, week: str, **changes: Any) -> Job:
    period = ReportingPeriod.parse(week, "UTC")
    return a_job(
        subscription_id=subscription.id,
        user_id=subscription.user_id,
        period=period,
        created_at=period.end,
        **changes,
    )


def _delivered(job: Job) -> Delivery:
    return Delivery(
        id=new_id("dlv"),
        job_id=job.id,
        user_id=job.user_id,
        status="delivered",
        claim=Claim(attempt="one", at=job.created_at),
        settled_at=job.created_at,
    )


def _store(
    settings: Settings, user: User, subscription: ReportSubscription, jobs: list[Job]
) -> None:
    with (
        closing(clients.mongo_client(settings)) as mongo,
        closing(clients.s3_client(settings)) as s3,
        closing(clients.sqs_client(settings)) as sqs,
    ):
        database = clients.with_guarantees(mongo, settings.mongo.database)
        queues = DeadLetterQueues(sqs, settings.dead_letters.queue_prefix)
        provision(database, queues, s3, settings.storage)
        database["users"].insert_one(user.to_row())
        database["studies"].insert_one(a_study().to_row())
        database["subscriptions"].insert_one(subscription.to_row())
        database["report_jobs"].insert_many([job.to_row() for job in jobs])
        deliveries = [_delivered(job).to_row() for job in jobs if job.report]
        database["deliveries"].insert_many(deliveries)


def _token(services: Services, settings: Settings, user: User) -> str:
    tokens = DevelopmentTokens(
        services.secrets.development_key, settings.api.token_audience
    )
    return tokens.issue(user.subject or user.id, datetime.now(UTC))
