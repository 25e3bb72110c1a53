"""One command makes an installation, and repeating it changes nothing."""

from typing import Any

import pytest
from mypy_boto3_s3 import S3Client
from mypy_boto3_sqs import SQSClient
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import STAGES
from trial_reports.provisioning import provision
from trial_reports.settings import Settings, Storage

FOURTEEN_DAYS = "1209600"  # seconds; the longest that SQS keeps a message


def installed(database: Database[dict[str, Any]]) -> dict[str, Any]:
    """Return every collection with its options and indexes."""
    return {
        each["name"]: (each["options"], database[each["name"]].index_information())
        for each in database.list_collections()
    }


def test_provisioning_twice_is_provisioning_once(
    database: Database[dict[str, Any]],
    queues: DeadLetterQueues,
    s3: S3Client,
    settings: Settings,
) -> None:
    before = installed(database)
    database["files"].insert_one({"_id": "fil_one", "uri": "s3://b/k"})

    provision(database, queues, s3, settings.storage)

    assert installed(database) == before
    assert database["files"].count_documents({}) == 1
    with pytest.raises(DuplicateKeyError):
        database["files"].insert_one({"_id": "fil_two", "uri": "s3://b/k"})


@pytest.mark.usefixtures("database")
def test_nobody_can_make_a_report_public_and_each_is_encrypted(
    s3: S3Client, settings: Settings
) -> None:
    bucket = settings.storage.reports_uri.split("/")[2]

    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    encryption = s3.get_bucket_encryption(Bucket=bucket)

    assert block == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_two_buckets_get_the_key_that_was_chosen(
    database: Database[dict[str, Any]], queues: DeadLetterQueues, s3: S3Client
) -> None:
    work, reports = (new_id("test").replace("_", "-") for _ in range(2))
    chosen = Storage(
        work_uri=f"s3://{work}",
        reports_uri=f"s3://{reports}/reports",
        encryption="aws:kms",
        kms_key_id="alias/reports",
    )

    provision(database, queues, s3, chosen)

    for bucket in (work, reports):
        encryption = s3.get_bucket_encryption(Bucket=bucket)
        (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"] == {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": "alias/reports",
        }


def test_storage_on_disk_needs_no_bucket(
    database: Database[dict[str, Any]], queues: DeadLetterQueues, s3: S3Client
) -> None:
    before = s3.list_buckets()["Buckets"]

    on_disk = Storage(work_uri="file:///srv/work", reports_uri="file:///srv/reports")
    provision(database, queues, s3, on_disk)

    assert s3.list_buckets()["Buckets"] == before


@pytest.mark.usefixtures("database")
def test_each_stage_has_a_queue_that_keeps_letters_for_two_weeks(
    sqs: SQSClient, settings: Settings
) -> None:
    for stage in STAGES:
        name = f"{settings.dead_letters.queue_prefix}-{stage}-dlq"
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        assert answer["Attributes"]["MessageRetentionPeriod"] == FOURTEEN_DAYS
        assert answer["Attributes"]["SqsManagedSseEnabled"] == "true"
