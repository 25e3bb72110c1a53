"""S3 and SQS going wrong, seen from outside."""

import time

import httpx
import pytest

from local_stack.aws import fail_aws
from local_stack.aws_faults import AwsFault
from local_stack.stack import Services

_SECONDS = 0.5


def test_a_closed_port_opens_again_and_nothing_is_forgotten(
    services: Services,
) -> None:
    s3 = services.s3()
    region = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket="outage", CreateBucketConfiguration=region)  # type: ignore[arg-type]  # a literal
    fail_aws(services.aws_endpoint_url, AwsFault(fault="refuse", seconds=_SECONDS))
    with pytest.raises(httpx.ConnectError):
        ask_until_refused(services.aws_endpoint_url)
    time.sleep(_SECONDS)
    assert s3.head_bucket(Bucket="outage")
    s3.close()


def ask_until_refused(url: str) -> None:
    """Ask until the port is closed: it answers who closed it first."""
    for _ in range(20):
        httpx.get(f"{url}/moto-api/", timeout=5, trust_env=False)
        time.sleep(0.01)
