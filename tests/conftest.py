"""One set of real services for the session; each test its own names in them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from mypy_boto3_s3 import S3Client
from mypy_boto3_sqs import SQSClient
from pydantic import SecretStr
from pymongo import MongoClient
from pymongo.database import Database

from local_stack.environment import REGION, aws_environment
from local_stack.mailbox.client import Mailbox
from local_stack.stack import Services, running_services
from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.identifiers import new_id
from trial_reports.provisioning import provision
from trial_reports.settings import (
    Aws,
    DeadLetters,
    Links,
    Mail,
    Mongo,
    Settings,
    Storage,
)
from trial_reports.storage.storage import Storage as ObjectStorage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs Airflow last: it stays up from then on, and takes its share."""
    items.sort(key=lambda item: item.get_closest_marker("end_to_end") is not None)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """MongoDB, S3, SQS and the mail provider's stand-in."""
    with running_services(tmp_path_factory.mktemp("services")) as running:
        # boto3 looks for credentials here and nowhere else.
        os.environ.update(aws_environment(running.aws_endpoint_url))
        yield running


@pytest.fixture(scope="session")
def mongo(services: Services) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](services.mongo_uri) as client:
        yield client


@pytest.fixture
def settings(services: Services) -> Settings:
    """Settings with a database, bucket and queue names of the test's own."""
    name = new_id("test").replace("_", "-")
    return Settings(
        environment="test",
        mongo=Mongo(uri=SecretStr(services.mongo_uri), database=name),
        aws=Aws(region=REGION, endpoint_url=services.aws_endpoint_url),
        storage=Storage(
            work_uri=f"s3://{name}/work", reports_uri=f"s3://{name}/reports"
        ),
        mail=Mail(api_key=SecretStr(services.mailbox.key), host=services.mailbox.url),
        links=Links(opening="button"),
        dead_letters=DeadLetters(queue_prefix=name),
    )


@pytest.fixture
def database(
    mongo: MongoClient[dict[str, Any]],
    settings: Settings,
    queues: DeadLetterQueues,
    s3: S3Client,
) -> Iterator[Database[dict[str, Any]]]:
    """The test's own database, with its indexes, bucket and queues."""
    own = clients.with_guarantees(mongo, settings.mongo.database)
    provision(own, queues, s3, settings.storage)
    yield own
    mongo.drop_database(own.name)


@pytest.fixture
def s3(settings: Settings) -> Iterator[S3Client]:
    client = clients.s3_client(settings)
    yield client
    client.close()


@pytest.fixture
def sqs(settings: Settings) -> Iterator[SQSClient]:
    client = clients.sqs_client(settings)
    yield client
    client.close()


@pytest.fixture
def queues(sqs: SQSClient, settings: Settings) -> DeadLetterQueues:
    return DeadLetterQueues(sqs, settings.dead_letters.queue_prefix)


@pytest.fixture
def storage(settings: Settings, s3: S3Client) -> ObjectStorage:
    return clients.storage(settings, s3)


@pytest.fixture
def mailbox(services: Services) -> Iterator[Mailbox]:
    """The provider's stand-in, empty and well-behaved."""
    services.mailbox.clear()
    services.mailbox.recover()
    yield services.mailbox
    services.mailbox.recover()
