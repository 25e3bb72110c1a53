"""Sending what the jobs' outbox holds.

A job fails and opens its dead letter in one write; the letter reaches SQS from
here, whoever gets to it first. A crash between sending and marking sends it
twice under the same id, which readers know about.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import TransientError
from trial_reports.jobs.models import Stage
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outbox:
    """Failed jobs whose dead letter is not in its queue yet."""

    jobs: Jobs
    transitions: Transitions
    queues: DeadLetterQueues

    def send_unsent(self, now: datetime) -> int:
        """Send every letter that waits.

        A queue that is away does not fail the caller: the letters stay where
        they are, and the next caller tries again.

        Returns:
            How many letters were sent.
        """
        sent = 0
        away: set[Stage] = set()  # asked once: each refusal can take half a minute
        for job in self.jobs.unsent_dead_letters():
            letter = DeadLetter.about(job)
            if letter.stage in away:
                continue
            try:
                self.queues.send(letter)
            except TransientError as error:
                log.warning("%s", error)
                away.add(letter.stage)
                continue
            sent += self.transitions.mark_sent(job.id, letter.id, now)
        return sent
