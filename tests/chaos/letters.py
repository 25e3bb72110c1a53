"""Reading the dead-letter queues."""

from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.jobs.models import STAGES

_HIDDEN_SECONDS = 600
_MOST_MESSAGES = 10


def read_letters(queues: DeadLetterQueues) -> list[DeadLetter]:
    """Return every letter of every queue, repeated ones too.

    What was read is hidden from the next reader for ten minutes.
    """
    return [letter for stage in STAGES for letter in _of(queues, queues.name(stage))]


def _of(queues: DeadLetterQueues, name: str) -> list[DeadLetter]:
    url = queues.client.get_queue_url(QueueName=name)["QueueUrl"]
    letters: list[DeadLetter] = []
    while messages := queues.client.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=_MOST_MESSAGES,
        VisibilityTimeout=_HIDDEN_SECONDS,
    ).get("Messages"):
        letters += [DeadLetter.model_validate_json(m["Body"]) for m in messages]
    return letters
