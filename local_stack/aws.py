"""S3 and SQS by moto: everything in memory, gone when it stops.

It accepts expired and tampered pre-signed URLs; tests must not rely on it there.
"""

import sys
from typing import TYPE_CHECKING

import boto3
import httpx
from botocore.config import Config

from local_stack.aws_faults import CONTROL, AwsFault
from local_stack.environment import AWS_KEY, REGION, aws_environment
from local_stack.http_service import HttpService
from local_stack.ports import LOOPBACK
from local_stack.process_group import ProcessGroup

if TYPE_CHECKING:  # the stubs are for development only
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_TIMEOUT_SECONDS = 10
_CONFIG = Config(connect_timeout=_TIMEOUT_SECONDS, read_timeout=_TIMEOUT_SECONDS)


def start_aws(group: ProcessGroup, port: int) -> HttpService:
    """Start S3 and SQS on ``port``, without waiting for them."""
    url = f"http://{LOOPBACK}:{port}"
    process = group.start(
        "moto",
        [sys.executable, "-m", "local_stack.aws_server", str(port)],
        environment=aws_environment(url),
    )
    return HttpService(process, url, "/moto-api/")


def s3_client(endpoint_url: str) -> "S3Client":
    """Return a client of the embedded S3."""
    return _session().client("s3", endpoint_url=endpoint_url, config=_CONFIG)


def sqs_client(endpoint_url: str) -> "SQSClient":
    """Return a client of the embedded SQS."""
    return _session().client("sqs", endpoint_url=endpoint_url, config=_CONFIG)


def fail_aws(endpoint_url: str, fault: AwsFault) -> None:
    """Let S3 and SQS go wrong from now on, for as long as the fault says."""
    httpx.post(
        endpoint_url + CONTROL,
        content=fault.model_dump_json(),
        timeout=_TIMEOUT_SECONDS,
        trust_env=False,
    ).raise_for_status()


def reset_aws(endpoint_url: str) -> None:
    """Forget every bucket and queue."""
    answer = httpx.post(
        f"{endpoint_url}/moto-api/reset", timeout=_TIMEOUT_SECONDS, trust_env=False
    )
    answer.raise_for_status()


def _session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=AWS_KEY,
        aws_secret_access_key=AWS_KEY,
        region_name=REGION,
    )
