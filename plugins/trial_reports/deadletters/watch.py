"""Seeing to it that no dead letter is forgotten."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from trial_reports.alarms.repository import Alarms
from trial_reports.deadletters.open_letters import OpenLetters
from trial_reports.jobs.models import STAGES

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LetterWatch:
    """Tells how many letters wait, and raises an alarm where one waits too long."""

    open_letters: OpenLetters
    alarms: Alarms
    patience: timedelta

    def look(self, now: datetime) -> None:
        """Log what waits, and raise or end the alarm of each stage."""
        overdue: dict[str, int] = {}
        for waiting in self.open_letters.waiting():
            log.info("Dead letters, %s", waiting.describe(now))
            if now - waiting.oldest > self.patience:
                before = overdue.get(waiting.stage, 0)
                overdue[waiting.stage] = before + waiting.letters
        for stage in STAGES:
            if stage in overdue:
                message = (
                    f"{overdue[stage]} dead letters; the oldest has waited longer "
                    f"than {self.patience / timedelta(hours=1):g} hours."
                )
                self.alarms.raise_once("dead_letters_waiting", stage, message, now)
            else:
                self.alarms.end("dead_letters_waiting", stage, now)
