"""Taking messages out of SQS whose letter is closed.

A job's row is the truth and SQS a copy. So a sweep need not know what was
redriven, or when: it compares each message with its job. Repeating it, or dying
in it, changes nothing but how soon a queue is tidy.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.open_letters import OpenLetters
from trial_reports.deadletters.queues import DeadLetterQueues, Message
from trial_reports.errors import TransientError
from trial_reports.jobs.models import Stage

log = logging.getLogger(__name__)


@dataclass
class Swept:
    """What became of the messages of a queue.

    Attributes:
        dropped: The letters whose message was deleted; twice if it was there twice.
        kept: How many messages stay, since their letter is open.
        foreign: How many stay since they are no letters about jobs that we have.
        problem: Why not the whole queue was looked through.
    """

    dropped: list[DeadLetter] = field(default_factory=list)
    kept: int = 0
    foreign: int = 0
    problem: str | None = None


@dataclass(frozen=True)
class Sweep:
    """Sweeps the dead-letter queues.

    Attributes:
        most_messages: How many messages of a queue are looked at. SQS hides at
            most 120,000 of a queue at a time, and a sweep hides what it keeps.
    """

    queues: DeadLetterQueues
    open_letters: OpenLetters
    most_messages: int = 20_000

    def run(self, stage: Stage) -> Swept:
        """Delete the messages of closed letters from a stage's queue.

        What stays is hidden from other readers while the sweep goes on, and for
        up to two minutes if it dies or SQS goes away.
        """
        swept = Swept()
        staying: dict[str, Message] = {}
        try:
            self._look_through(stage, swept, staying)
            self.queues.put_back(stage, list(staying.values()))
        except TransientError as error:
            log.warning("%s", error)
            swept.problem = error.message
        return swept

    def _look_through(
        self, stage: Stage, swept: Swept, staying: dict[str, Message]
    ) -> None:
        while messages := self.queues.receive(stage):
            new = [message for message in messages if message.id not in staying]
            if not new:
                return  # they have come round again
            staying |= {message.id: message for message in messages}
            for gone in self._drop_closed(stage, new, swept):
                del staying[gone]
            if len(staying) + len(swept.dropped) >= self.most_messages:
                swept.problem = f"The queue of {stage} is long: not all was seen."
                return

    def _drop_closed(
        self, stage: Stage, messages: Sequence[Message], swept: Swept
    ) -> set[str]:
        letters = {message.id: _read(message) for message in messages}
        known = self.open_letters.among(
            letter.job_id for letter in letters.values() if letter
        )
        closed: dict[str, DeadLetter] = {}
        for message_id, letter in letters.items():
            if letter is None or letter.job_id not in known:
                swept.foreign += 1
            elif known[letter.job_id] == letter.id:
                swept.kept += 1
            else:
                closed[message_id] = letter
        gone = self.queues.delete(stage, [m for m in messages if m.id in closed])
        swept.kept += len(closed) - len(gone)
        for message_id in sorted(gone):
            letter = closed[message_id]
            log.info("Letter %s of %s is closed: dropped", letter.id, letter.job_id)
            swept.dropped.append(letter)
        return gone


def _read(message: Message) -> DeadLetter | None:
    try:
        return DeadLetter.model_validate_json(message.body)
    except ValidationError:
        return None
