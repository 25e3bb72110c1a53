"""The dead-letter queues in SQS, one for each stage."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from trial_reports.deadletters.letter import DeadLetter
from trial_reports.errors import TransientError
from trial_reports.jobs.models import STAGES, Stage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_RETENTION_SECONDS = 14 * 24 * 3600
"""The longest that SQS keeps a message."""
_AT_ONCE = 10  # messages; the most that SQS gives and takes in one call
_HIDDEN_SECONDS = 120  # for how long a reader that dies keeps messages from others
_POLL_SECONDS = 1  # a receive that does not wait asks only some of SQS's servers


def create_queue(client: "SQSClient", name: str) -> None:
    """Create an encrypted queue that keeps messages for as long as SQS does.

    Repeating it changes nothing.
    """
    client.create_queue(
        QueueName=name,
        Attributes={
            "MessageRetentionPeriod": str(_RETENTION_SECONDS),
            "SqsManagedSseEnabled": "true",
        },
    )


@dataclass(frozen=True)
class Message:
    """A message that has been received, and is hidden from other readers."""

    id: str
    receipt: str
    body: str


class DeadLetterQueues:
    """The queues ``<prefix>-<stage>-dlq``.

    Args:
        client: An SQS client with time-outs.
        prefix: The installation's queue prefix.
    """

    def __init__(self, client: "SQSClient", prefix: str) -> None:
        self.client = client
        self.prefix = prefix
        self._urls: dict[Stage, str] = {}

    def name(self, stage: Stage) -> str:
        """Return the name of a stage's dead-letter queue."""
        return f"{self.prefix}-{stage}-dlq"

    def create(self) -> None:
        """Create the queues; repeating it changes nothing."""
        for stage in STAGES:
            create_queue(self.client, self.name(stage))

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

    def receive(self, stage: Stage) -> list[Message]:
        """Take up to ten messages of a stage's queue, hidden for two minutes.

        Returns:
            No message if there is none to be seen.

        Raises:
            TransientError: SQS is away, or there is no such queue.
        """
        with _reaching(stage):
            answer = self.client.receive_message(
                QueueUrl=self._url(stage),
                MaxNumberOfMessages=_AT_ONCE,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=_POLL_SECONDS,
            )
        return [
            Message(message["MessageId"], message["ReceiptHandle"], message["Body"])
            for message in answer.get("Messages", [])
        ]

    def delete(self, stage: Stage, messages: Sequence[Message]) -> set[str]:
        """Delete messages that were received; return the ids of those that are gone.

        Raises:
            TransientError: SQS is away.
        """
        deleted: set[str] = set()
        for batch in _batches(messages):
            with _reaching(stage):
                answer = self.client.delete_message_batch(
                    QueueUrl=self._url(stage),
                    Entries=[
                        {"Id": str(number), "ReceiptHandle": message.receipt}
                        for number, message in enumerate(batch)
                    ],
                )
            done = (int(entry["Id"]) for entry in answer.get("Successful", []))
            deleted |= {batch[number].id for number in done}
        return deleted

    def put_back(self, stage: Stage, messages: Sequence[Message]) -> None:
        """Let other readers see messages that were received.

        One that SQS has shown again by itself in the meantime stays as it is.

        Raises:
            TransientError: SQS is away.
        """
        for batch in _batches(messages):
            with _reaching(stage):
                self.client.change_message_visibility_batch(
                    QueueUrl=self._url(stage),
                    Entries=[
                        {
                            "Id": str(number),
                            "ReceiptHandle": message.receipt,
                            "VisibilityTimeout": 0,
                        }
                        for number, message in enumerate(batch)
                    ],
                )

    def _url(self, stage: Stage) -> str:
        if stage not in self._urls:
            answer = self.client.get_queue_url(QueueName=self.name(stage))
            self._urls[stage] = answer["QueueUrl"]
        return self._urls[stage]


def _batches(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    for first in range(0, len(messages), _AT_ONCE):
        yield messages[first : first + _AT_ONCE]


@contextmanager
def _reaching(stage: Stage) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError):
        raise TransientError(
            "dead_letters_unreachable", f"SQS does not show the queue of {stage}."
        ) from None
