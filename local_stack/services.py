"""The running services, and what the product has to be told to use them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local_stack.aws import reset_aws, s3_client, sqs_client
from local_stack.environment import REGION, aws_environment
from local_stack.mailbox.client import Mailbox
from local_stack.mailbox.event_signing import EventSigner
from local_stack.process_group import ProcessGroup
from local_stack.secrets_file import Secrets

if TYPE_CHECKING:  # the stubs are for development only
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

BUCKET = "trial-reports"


@dataclass(frozen=True)
class Services:
    """The running services, by their addresses.

    ``api_url`` is where the API is, or would be.
    """

    data: Path
    mongo_uri: str
    aws_endpoint_url: str
    mailbox: Mailbox
    api_url: str
    secrets: Secrets = field(repr=False)
    processes: ProcessGroup = field(repr=False)

    def s3(self) -> "S3Client":
        """Return a client of the embedded S3."""
        return s3_client(self.aws_endpoint_url)

    def sqs(self) -> "SQSClient":
        """Return a client of the embedded SQS."""
        return sqs_client(self.aws_endpoint_url)

    def reset_aws(self) -> None:
        """Forget every bucket and queue."""
        reset_aws(self.aws_endpoint_url)

    def environment(self) -> dict[str, str]:
        """Return the product's settings as environment variables."""
        signer = EventSigner(self.secrets.webhook_key)
        return aws_environment(self.aws_endpoint_url) | {
            # Everybody here is one address, and nobody balances any load.
            "TRIAL_REPORTS_API__ADDRESS_PER_MINUTE": "6000",
            "TRIAL_REPORTS_API__DRAIN_SECONDS": "0",
            "TRIAL_REPORTS_API__DEVELOPMENT_KEY": self.secrets.development_key,
            "TRIAL_REPORTS_AWS__ENDPOINT_URL": self.aws_endpoint_url,
            "TRIAL_REPORTS_AWS__REGION": REGION,
            "TRIAL_REPORTS_ENVIRONMENT": "development",
            "TRIAL_REPORTS_LINKS__OPENING": "button",
            "TRIAL_REPORTS_LINKS__PUBLIC_URL": self.api_url,
            "TRIAL_REPORTS_MAIL__API_KEY": self.mailbox.key,
            "TRIAL_REPORTS_MAIL__HOST": self.mailbox.url,
            "TRIAL_REPORTS_MAIL__SENDER": "reports@study.example",
            "TRIAL_REPORTS_MAIL__SENDER_NAME": "Study reports",
            "TRIAL_REPORTS_MAIL__WEBHOOK_KEYS": signer.public_key,
            "TRIAL_REPORTS_MONGO__URI": self.mongo_uri,
            "TRIAL_REPORTS_STORAGE__REPORTS_URI": f"s3://{BUCKET}/reports",
            "TRIAL_REPORTS_STORAGE__WORK_URI": f"s3://{BUCKET}/work",
        }
