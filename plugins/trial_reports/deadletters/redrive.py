"""Taking failed jobs up again, by the letters that tell of them.

The job's row decides. Its letter is closed there by compare-and-set, and its
message in SQS goes afterwards: dying in between, or two redrives at once, leave
at most a stale message, which the next sweep of its queue drops.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.deadletters.open_letters import OpenLetters, Selection
from trial_reports.deadletters.redriven import Outcome
from trial_reports.deadletters.sweep import Sweep
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import STAGES, Job, OpenDeadLetter, Stage

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RedriveRequest:
    """What somebody asks for and why, in which run."""

    selection: Selection
    by: str
    reason: str
    dry_run: bool = True
    run: str = ""


@dataclass(frozen=True)
class Redriver:
    """Redrives over the product's collections and queues."""

    open_letters: OpenLetters
    decisions: Decisions
    sweep: Sweep
    audit: AuditTrail

    def run(self, request: RedriveRequest, now: datetime) -> Outcome:
        """Redrive the selected letters' jobs, the oldest first.

        SQS may be away and messages may have expired: the jobs are redriven all
        the same, and the outcome says so.

        Args:
            request: What is asked for; a dry run only counts.
            now: The time of the call, UTC.
        """
        outcome = Outcome.before(
            self.open_letters.waiting(), now, dry_run=request.dry_run
        )
        selected = self.open_letters.find(request.selection, now)
        outcome.to_decide = self.open_letters.to_decide(request.selection, now)
        for job in selected:
            letter = _letter_of(job)
            outcome.line(letter.stage, letter.cause).selected += 1
        if not request.dry_run:
            redriven = self._redrive(selected, request, outcome, now)
            self._tidy(request.selection.stage, redriven, outcome)
        return outcome

    def _redrive(
        self,
        selected: list[Job],
        request: RedriveRequest,
        outcome: Outcome,
        now: datetime,
    ) -> set[str]:
        """Redrive jobs, and return their letters; what was asked is noted first."""
        self._note(
            "redrive_dead_letters", "dead_letters", request, now, selected=len(selected)
        )
        redriven: set[str] = set()
        for job in selected:
            letter = _letter_of(job)
            line = outcome.line(letter.stage, letter.cause)
            if self._take_up(job, letter, request, now):
                line.redriven += 1
                redriven.add(letter.id)
            else:
                line.moved_on += 1
        return redriven

    def _take_up(
        self, job: Job, letter: OpenDeadLetter, request: RedriveRequest, now: datetime
    ) -> bool:
        if not self.decisions.redrive(job, letter.id, now):
            log.info("%s has moved on, letter %s is closed", job.id, letter.id)
            return False
        self._note("redrive", job.id, request, now, letter=letter.id)
        log.info(
            "%s: redriven from %s after failure %d, letter %s is closed",
            job.id,
            letter.stage,
            job.failures,
            letter.id,
        )
        return True

    def _tidy(self, stage: Stage | None, redriven: set[str], outcome: Outcome) -> None:
        found: set[str] = set()
        for each in STAGES if stage is None else (stage,):
            swept = self.sweep.run(each)
            for letter in swept.dropped:
                line = outcome.line(letter.stage, letter.cause)
                if letter.id in redriven:
                    line.deleted += 1
                else:
                    line.dropped += 1
            found |= {letter.id for letter in swept.dropped}
            outcome.foreign += swept.foreign
            if swept.problem is not None:
                outcome.notes.append(f"{swept.problem} A later redrive tidies it.")
        if missing := len(redriven - found):
            outcome.notes.append(
                f"{missing} redriven jobs had no message in SQS that could be deleted: "
                "unsent, expired after 14 days, or with another reader."
            )
        if outcome.foreign:
            outcome.notes.append(
                f"{outcome.foreign} messages are no letters about jobs that we have; "
                "they were left in SQS."
            )

    def _note(
        self,
        action: str,
        subject: str,
        request: RedriveRequest,
        now: datetime,
        **details: str | int,
    ) -> None:
        decision = Decision(request.run, request.by, request.reason)
        self.audit.record(decision, action, subject, now, **details)


def _letter_of(job: Job) -> OpenDeadLetter:
    if job.dead_letter is None:
        raise LookupError(f"{job.id} has no open dead letter")
    return job.dead_letter
