"""The pipeline's clients, from Airflow's connections or else from Settings."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowNotFoundException

from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.settings import Settings, load_settings
from trial_reports_airflow.sign_in import require_sign_in

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from pymongo.database import Database

MONGO_CONNECTION = "mongo_default"
AWS_CONNECTION = "aws_default"


def build_pipeline() -> ReportPipeline:
    """Return the pipeline of this task process.

    Raises:
        ConfigurationError: The settings are wrong, or Airflow is open to everybody.
    """
    settings = load_settings()
    require_sign_in(settings)
    s3, sqs = aws(settings)
    return ReportPipeline(
        settings=settings,
        database=database(settings),
        storage=clients.storage(settings, s3),
        queues=DeadLetterQueues(sqs, settings.dead_letters.queue_prefix),
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


def aws(settings: Settings) -> "tuple[S3Client, SQSClient]":
    """Return clients of S3 and SQS, over the connection ``aws_default``."""
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    if not _is_defined(AWS_CONNECTION):
        return clients.s3_client(settings), clients.sqs_client(settings)
    hook = AwsBaseHook(AWS_CONNECTION)
    session, endpoint = hook.get_session(), hook.conn_config.get_service_endpoint_url
    # Not by `hook.get_conn()`: to tell AWS who calls, it looks through every loaded
    # module, and takes longer over it than a short task over its work.
    return (
        session.client(
            "s3",
            endpoint_url=endpoint("s3"),
            config=clients.s3_config(settings),
            verify=hook.verify,
        ),
        session.client(
            "sqs",
            endpoint_url=endpoint("sqs"),
            config=clients.sqs_config(settings),
            verify=hook.verify,
        ),
    )


def _is_defined(connection: str) -> bool:
    from airflow.sdk import Connection

    try:
        Connection.get(connection)
    except AirflowNotFoundException:
        return False
    return True
