"""Everything that must exist before the first run, made by one repeatable call."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pymongo.database import Database

from trial_reports.alarms.bell import Bell
from trial_reports.alarms.repository import Alarms
from trial_reports.database.model import Row
from trial_reports.database.schema import apply_indexes
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Storage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ServerSideEncryptionByDefaultTypeDef

_DEFAULT_REGION = "us-east-1"
"""The region that S3 does not accept as a constraint: it is the default."""


def provision(
    database: Database[Row], queues: DeadLetterQueues, s3: "S3Client", storage: Storage
) -> None:
    """Create collections, queues and the buckets' settings.

    Args:
        database: The product's database, with the right to change its schema.
        queues: The dead-letter queues; the alarm queue is beside them.
        s3: A client that may create and configure the buckets.
        storage: Where the product writes.

    Raises:
        ConfigurationError: A bucket belongs to somebody else.
    """
    apply_indexes(database)
    queues.create()
    Bell(queues.client, queues.prefix, Alarms(database)).create()
    uris = {storage.work_uri, storage.reports_uri}
    buckets = {uri.split("/")[2] for uri in uris if uri.startswith("s3://")}
    for bucket in sorted(buckets):
        _create_bucket(s3, bucket)
        _protect_bucket(s3, bucket, storage)


def _create_bucket(s3: "S3Client", bucket: str) -> None:
    if _is_ours(s3, bucket):
        return
    region: Any = s3.meta.region_name
    try:
        if region == _DEFAULT_REGION:
            s3.create_bucket(Bucket=bucket)
        else:
            s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region}
            )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code != "BucketAlreadyOwnedByYou":
            raise ConfigurationError(
                "bucket", f"The bucket {bucket} cannot be created ({code})."
            ) from None


def _is_ours(s3: "S3Client", bucket: str) -> bool:
    # Somebody else may have made it, and we may lack the right to make any.
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def _protect_bucket(s3: "S3Client", bucket: str, storage: Storage) -> None:
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    encryption: ServerSideEncryptionByDefaultTypeDef
    encryption = {"SSEAlgorithm": storage.encryption}
    if storage.kms_key_id is not None:
        encryption["KMSMasterKeyID"] = storage.kms_key_id
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": encryption}]
        },
    )
