"""S3 and SQS going wrong, seen from outside."""

import time

import httpx
import pytest

from local_stack.aws import fail_aws
from local_stack.aws_faults import AwsFault
from local_stack.stack import Services

_SECONDS = 1.0
_PATIENCE = 20.0


def test_a_closed_port_opens_again_and_nothing_is_forgotten(
    services: Services,
) -> None:
    s3 = services.s3()
    region = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket="outage", CreateBucketConfiguration=region)  # type: ignore[arg-type]  # a literal
    fail_aws(services.aws_endpoint_url, AwsFault(fault="refuse", seconds=_SECONDS))
    with pytest.raises(httpx.TransportError):
        ask_again_and_again(services.aws_endpoint_url)
    time.sleep(_SECONDS)
    assert s3.head_bucket(Bucket="outage")
    s3.close()


def ask_again_and_again(url: str) -> None:
    """Ask until there is no answer: the port is closed after the answer about it."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        httpx.get(f"{url}/moto-api/", timeout=5, trust_env=False)
        time.sleep(0.01)
