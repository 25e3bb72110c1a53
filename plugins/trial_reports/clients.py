"""The clients of this process, made from Settings: each with its time-outs.

Made once, at an entry point, and passed on. The pipeline takes its database
client from an Airflow connection instead and passes it to `with_guarantees`.
The mailer is made in `trial_reports.delivery.clients`, away from the API.
"""

import importlib
import os.path
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from trial_reports.database.model import Row
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings
from trial_reports.storage.links import FileLinks
from trial_reports.storage.storage import Storage
from trial_reports.storage.uri import Location, parse_folder

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

STORED_FILES_PATH = "/stored-files"
"""Where a development server answers the links to ``file://`` objects."""

_ATTEMPTS = 3  # in all, within seconds; what fails longer is the task's to retry
_LONGEST_POLL = 20  # seconds; the most that SQS lets a receive wait


def mongo_database(settings: Settings) -> Database[Row]:
    """Return the product's database; close it by ``database.client.close()``.

    Nothing is connected yet, so an unreachable server shows at the first use.
    """
    return with_guarantees(mongo_client(settings), settings.mongo.database)


def mongo_client(settings: Settings) -> MongoClient[Row]:
    """Return a thread-safe client with time-outs; nothing is connected yet."""
    return MongoClient(
        settings.mongo.uri.get_secret_value(),
        appname="trial-reports",
        connectTimeoutMS=_milliseconds(settings.mongo.timeout_seconds),
        retryReads=True,
        retryWrites=True,
        serverSelectionTimeoutMS=_milliseconds(settings.mongo.timeout_seconds),
        # Bounds each operation as a whole, its one retry and waiting included.
        timeoutMS=_milliseconds(settings.mongo.timeout_seconds),
    )


def with_guarantees(client: MongoClient[Row], name: str) -> Database[Row]:
    """Return a database whose writes survive a failover and whose dates are UTC.

    Args:
        client: From anywhere; its own time-outs stay, so an Airflow connection
            should carry ``timeoutMS`` in its extra.
        name: The database.
    """
    return client.get_database(
        name,
        codec_options=client.codec_options.with_options(tz_aware=True),
        read_concern=ReadConcern("majority"),
        read_preference=ReadPreference.PRIMARY,
        write_concern=WriteConcern(w="majority", j=True),
    )


def s3_client(settings: Settings) -> "S3Client":
    """Return a thread-safe S3 client with time-outs and three attempts."""
    return boto3.client(
        "s3",
        endpoint_url=settings.aws.endpoint_url,
        region_name=settings.aws.region,
        config=s3_config(settings),
    )


def sqs_client(settings: Settings) -> "SQSClient":
    """Return a thread-safe SQS client that can also wait for messages."""
    return boto3.client(
        "sqs",
        endpoint_url=settings.aws.endpoint_url,
        region_name=settings.aws.region,
        config=sqs_config(settings),
    )


def s3_config(settings: Settings) -> Config:
    """Return the time-outs and attempts of an S3 client, wherever it is made."""
    return _config(settings, waiting=0).merge(
        Config(
            signature_version="s3v4",
            # Stand-ins for S3 have no host name for each bucket.
            s3={"addressing_style": "path"} if settings.aws.endpoint_url else None,
        )
    )


def sqs_config(settings: Settings) -> Config:
    """Return the same for an SQS client, whose receive may wait for messages."""
    return _config(settings, waiting=_LONGEST_POLL)


def storage(settings: Settings, s3: "S3Client | None") -> Storage:
    """Return the storage for the addresses that the settings name.

    Args:
        settings: The product's settings.
        s3: The process's client; an Airflow connection's is as good.

    Raises:
        ConfigurationError: An address needs a package that is not installed,
            or two ``file://`` folders have nothing in common.
    """
    schemes = {folder.scheme for folder in _folders(settings)}
    return Storage(
        s3_client=s3,
        gcs_client=_gcs_client() if "gs" in schemes else None,
        encryption=settings.storage.encryption,
        kms_key_id=settings.storage.kms_key_id,
        file_root=file_root(settings),
        file_links=file_links(settings),
    )


def file_root(settings: Settings) -> Path | None:
    """Return the folder that holds every ``file://`` object, ``None`` without any.

    Raises:
        ConfigurationError: Two ``file://`` folders have nothing in common.
    """
    folders = _folders(settings)
    paths = [f"/{folder.key}" for folder in folders if folder.scheme == "file"]
    return _common_folder(paths) if paths else None


def file_links(settings: Settings) -> FileLinks | None:
    """Return what signs download URLs of ``file://`` objects, for development only."""
    if settings.api.development_key is None:
        return None
    return FileLinks(
        settings.links.public_url.rstrip("/") + STORED_FILES_PATH,
        settings.api.development_key.get_secret_value().encode(),
    )


def _folders(settings: Settings) -> list[Location]:
    uris = (settings.storage.work_uri, settings.storage.reports_uri)
    return [parse_folder(uri) for uri in uris]


def _config(settings: Settings, waiting: float) -> Config:
    return Config(
        connect_timeout=settings.aws.timeout_seconds,
        read_timeout=settings.aws.timeout_seconds + waiting,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        tcp_keepalive=True,
    )


def _gcs_client() -> Any:  # noqa: ANN401 - the package is optional
    try:
        package = importlib.import_module("google.cloud.storage")
    except ImportError:
        raise ConfigurationError(
            "storage_missing",
            "gs:// addresses need the package google-cloud-storage.",
        ) from None
    credentials = importlib.import_module("google.auth.exceptions")
    try:
        return package.Client()
    except credentials.DefaultCredentialsError:
        raise ConfigurationError(
            "storage_credentials",
            "gs:// addresses need Google's application default credentials.",
        ) from None


def _common_folder(paths: list[str]) -> Path:
    common = Path(os.path.commonpath(paths))
    if common == Path("/"):
        raise ConfigurationError(
            "storage_folder", "The file:// folders must lie in one folder."
        )
    return common


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
