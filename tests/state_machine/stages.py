"""Stage work and a mail provider that do what the moment's mood says."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from tests.state_machine.outside import Crash, Outside
from trial_reports.delivery.mailer import (
    MailNotTaken,
    MailOutcomeUnknown,
    MailRefused,
    ProviderRefusesUs,
)
from trial_reports.delivery.message import EmailMessage
from trial_reports.errors import (
    Cancelled,
    PermanentError,
    ServiceError,
    TransientError,
)
from trial_reports.jobs.models import Artifact, Attempt, Job, Report
from trial_reports.pipeline.stage import StageResult, Work


class Mood(Enum):
    """How the work for one job goes."""

    WELL = auto()
    BUSY = auto()  # try again
    REFUSED = auto()  # never
    NOBODY = auto()  # the service refuses everybody
    BUG = auto()
    UNWANTED = auto()  # only before the mail
    DEADLY = auto()  # the process dies; a mail is accepted first
    SILENT = auto()  # a mail is accepted, and the answer is lost
    LOST = auto()  # a mail is not accepted, and nobody can know


Moods = deque[Mood]

_ERRORS: dict[Mood, Callable[[], BaseException]] = {
    Mood.BUSY: lambda: TransientError("busy", "Try again."),
    Mood.REFUSED: lambda: PermanentError("unreadable", "Cannot be read."),
    Mood.NOBODY: lambda: ServiceError("refused", "All of us are refused."),
    Mood.BUG: lambda: ValueError("a bug"),
    Mood.UNWANTED: lambda: Cancelled("recalled", "No longer wanted."),
    Mood.DEADLY: Crash,
    Mood.SILENT: lambda: TransientError("no_answer", "No answer."),
    Mood.LOST: lambda: TransientError("no_answer", "No answer."),
}

_MAIL_ERRORS: dict[Mood, Callable[[], BaseException]] = {
    Mood.BUSY: lambda: MailNotTaken("busy", "Try again."),
    Mood.REFUSED: lambda: MailRefused("mail_refused", "A bad address."),
    Mood.NOBODY: lambda: ProviderRefusesUs("refused", "All of us are refused."),
    Mood.BUG: lambda: ValueError("a bug"),
    Mood.DEADLY: Crash,
    Mood.SILENT: lambda: MailOutcomeUnknown("unknown", "No answer."),
    Mood.LOST: lambda: MailOutcomeUnknown("unknown", "No answer."),
}

MAIL_MOODS = (Mood.SILENT, Mood.WELL, *_MAIL_ERRORS)
"""How the provider can be; most of all it keeps its answer to itself."""

_ACCEPTING = (Mood.WELL, Mood.UNWANTED, Mood.DEADLY, Mood.SILENT)


def stage_work(moods: Moods, unwanted: set[str], now: datetime) -> Work:
    """Return a stage that makes an artifact, or whatever its mood lets happen.

    Args:
        moods: One for each job, taken from the left; all goes well once it is
            empty.
        unwanted: Collects the jobs for which a stage said so.
        now: The time.
    """

    def work(job: Job, attempt: Attempt) -> StageResult:
        mood = moods.popleft() if moods else Mood.WELL
        if mood is Mood.UNWANTED:
            unwanted.add(job.id)
        if mood in _ERRORS:
            raise _new(_ERRORS[mood])
        uri = f"s3://work/{job.id}/{attempt.run}/{attempt.round}/{attempt.stage}"
        artifact = Artifact(uri=uri, sha256="0" * 64, size=1)
        if attempt.stage != "render":
            return StageResult(artifact)
        return StageResult(
            artifact, Report(artifact=artifact, pages=1, cut_off=now, made_at=now)
        )

    return work


@dataclass
class MailProvider:
    """Takes mails, and remembers how often for which job.

    Attributes:
        accepted: How many mails it has accepted, by job and send number.
        gone: Addresses of people who left before now.
        recalled: Jobs that were recalled before now.
        paused: Whether a person had stopped all mail before now.
        unasked: What was mailed and should not have been, and why not.
    """

    outside: Outside
    gone: set[str] = field(default_factory=set)
    recalled: set[str] = field(default_factory=set)
    paused: bool = False
    accepted: Counter[tuple[str, int]] = field(default_factory=Counter)
    unasked: list[str] = field(default_factory=list)
    moods: Moods = field(default_factory=deque)

    def send(self, message: EmailMessage) -> str:
        """Take the mail, or not; see :class:`trial_reports.delivery.mailer.Mailer`."""
        mood = self.moods.popleft() if self.moods else Mood.WELL
        if mood in _ACCEPTING:
            self.outside.change("mail", lambda: self._accept(message))
        if mood in _MAIL_ERRORS:
            raise _new(_MAIL_ERRORS[mood])
        return "msg-1"

    def mails(self, job: str) -> int:
        """Return how many mails a job has led to, whatever their numbers."""
        return sum(n for (of, _), n in self.accepted.items() if of == job)

    def _accept(self, message: EmailMessage) -> None:
        job = message.custom_args["jobId"]
        self.accepted[job, int(message.custom_args["sendNo"])] += 1
        if message.to in self.gone:
            self.unasked.append(f"{job}: its reader had left")
        if job in self.recalled:
            self.unasked.append(f"{job}: it was recalled")
        if self.paused:
            self.unasked.append(f"{job}: mail was paused")


def _new(make: Callable[[], BaseException]) -> BaseException:
    return make()
