"""The pipeline's clients, from Airflow's connections or else from Settings."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowNotFoundException

from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.settings import Settings, load_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from pymongo.database import Database

MONGO_CONNECTION = "mongo_default"
AWS_CONNECTION = "aws_default"


def build_pipeline() -> ReportPipeline:
    """Return the pipeline of this task process: settings are read here, once."""
    settings = load_settings()
    return ReportPipeline(
        settings=settings,
        database=database(settings),
        storage=clients.storage(settings, s3(settings)),
        queues=DeadLetterQueues(sqs(settings), settings.dead_letters.queue_prefix),
        clock=lambda: datetime.now(UTC),
    )


def database(settings: Settings) -> "Database[dict[str, Any]]":
    """Return the product's database, over the connection ``mongo_default``."""
    from airflow.providers.mongo.hooks.mongo import MongoHook

    try:
        hook = MongoHook(MONGO_CONNECTION)
    except AirflowNotFoundException:
        return clients.mongo_database(settings)
    hook.extras.setdefault("timeoutMS", int(settings.mongo.timeout_seconds * 1000))
    return clients.with_guarantees(hook.get_conn(), settings.mongo.database)


def s3(settings: Settings) -> "S3Client":
    """Return a client of S3, over the connection ``aws_default``."""
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    if not _is_defined(AWS_CONNECTION):
        return clients.s3_client(settings)
    config = clients.s3_config(settings)
    return AwsBaseHook(AWS_CONNECTION, client_type="s3", config=config).get_conn()


def sqs(settings: Settings) -> "SQSClient":
    """Return a client of SQS, over the connection ``aws_default``."""
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook

    if not _is_defined(AWS_CONNECTION):
        return clients.sqs_client(settings)
    return SqsHook(AWS_CONNECTION, config=clients.sqs_config(settings)).get_conn()


def _is_defined(connection: str) -> bool:
    from airflow.sdk import Connection

    try:
        Connection.get(connection)
    except AirflowNotFoundException:
        return False
    return True
