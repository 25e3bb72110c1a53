"""The dead-letter queues in SQS, one for each stage."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from trial_reports.deadletters.letter import DeadLetter
from trial_reports.errors import TransientError
from trial_reports.jobs.models import STAGES, Stage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_RETENTION_SECONDS = 14 * 24 * 3600
"""The longest that SQS keeps a message."""


class DeadLetterQueues:
    """The queues ``<prefix>-<stage>-dlq``.

    Args:
        client: An SQS client with time-outs.
        prefix: The installation's queue prefix.
    """

    def __init__(self, client: "SQSClient", prefix: str) -> None:
        self.client = client
        self._prefix = prefix
        self._urls: dict[Stage, str] = {}

    def name(self, stage: Stage) -> str:
        """Return the name of a stage's dead-letter queue."""
        return f"{self._prefix}-{stage}-dlq"

    def create(self) -> None:
        """Create the queues; repeating it changes nothing."""
        for stage in STAGES:
            self.client.create_queue(
                QueueName=self.name(stage),
                Attributes={
                    "MessageRetentionPeriod": str(_RETENTION_SECONDS),
                    "SqsManagedSseEnabled": "true",
                },
            )

    def send(self, letter: DeadLetter) -> None:
        """Put a letter into its stage's queue.

        Raises:
            TransientError: SQS did not take it.
        """
        try:
            self.client.send_message(
                QueueUrl=self._url(letter.stage),
                MessageBody=letter.model_dump_json(by_alias=True),
            )
        except (BotoCoreError, ClientError):
            raise TransientError(
                "dead_letter_unsent", f"SQS did not take the dead letter {letter.id}."
            ) from None

    def _url(self, stage: Stage) -> str:
        if stage not in self._urls:
            answer = self.client.get_queue_url(QueueName=self.name(stage))
            self._urls[stage] = answer["QueueUrl"]
        return self._urls[stage]
