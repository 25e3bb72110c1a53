"""The API in this process, over the real database and store, asked by HTTP."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from pydantic import SecretStr
from pymongo import MongoClient
from pymongo.database import Database

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import MONDAY_NOON, PERIOD, a_job, a_study, a_user
from tests.integration.graphql_api.client import (
    KEY,
    PDF,
    ApiClient,
    Clock,
    Started,
)
from tests.integration.graphql_api.commands import Commands
from tests.integration.graphql_api.live import LiveApi, serving
from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.links import Links
from trial_reports.jobs.models import Artifact, Job, Report
from trial_reports.settings import Api, Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def started() -> Iterator[Started]:
    """Start applications with their lifespan, and end them after the test."""
    with start_blocking_portal() as portal, ExitStack() as until_the_end:

        @contextmanager
        def running(app: FastAPI) -> Iterator[ApiClient]:
            http = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://api.test"
            )
            lifespan = app.router.lifespan_context(app)
            with (
                portal.wrap_async_context_manager(lifespan),
                portal.wrap_async_context_manager(http),
            ):
                yield ApiClient(portal, http)

        yield lambda app: until_the_end.enter_context(running(app))


@pytest.fixture
def api_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"api": Api(development_key=SecretStr(KEY))})


@pytest.fixture
def api(
    api_settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
) -> ApiClient:
    services = assemble(api_settings, database, storage, queues, clock)
    return started(create_app(api_settings, services))


@pytest.fixture
def commands() -> Commands:
    """What a live API asks of MongoDB."""
    return Commands()


@pytest.fixture
def mongo_address(settings: Settings) -> str:
    """Where a live API finds MongoDB."""
    return settings.mongo.uri.get_secret_value()


@pytest.fixture
def live(
    api_settings: Settings,
    mongo_address: str,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    commands: Commands,
) -> Iterator[LiveApi]:
    """The API on a port, for sockets."""
    with MongoClient[dict[str, Any]](
        mongo_address, event_listeners=[commands]
    ) as client:
        counted = clients.with_guarantees(client, database.name)
        services = assemble(api_settings, counted, storage, queues, clock)
        with serving(create_app(api_settings, services)) as api:
            yield api


@pytest.fixture
def participant(database: Database[dict[str, Any]]) -> User:
    """A participant of the study ``stu_one``."""
    user = a_user()
    database["users"].insert_one(user.to_row())
    database["studies"].insert_one(a_study().to_row())
    return user


@pytest.fixture
def reported(
    database: Database[dict[str, Any]],
    storage: Storage,
    settings: Settings,
    participant: User,
) -> Job:
    """The participant's completed job, with its PDF in the store."""
    uri = f"{settings.storage.reports_uri}/job_one/report.pdf"
    stored = storage.create(uri, PDF, "application/pdf")
    artifact = Artifact(uri=uri, sha256=stored.sha256, size=stored.size)
    job = a_job(
        user_id=participant.id,
        period=PERIOD,
        status="completed",
        completed_at=MONDAY_NOON,
        report=Report(
            artifact=artifact, pages=1, cut_off=MONDAY_NOON, made_at=MONDAY_NOON
        ),
    )
    database["report_jobs"].insert_one(job.to_row())
    return job


@pytest.fixture
def links(database: Database[dict[str, Any]]) -> Links:
    return Links(database)
