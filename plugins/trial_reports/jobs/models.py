"""One subscription's report for one period."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import Field

from trial_reports.database.model import Value
from trial_reports.periods.models import ReportingPeriod

JobStatus = Literal["pending", "processing", "completed", "failed", "cancelled"]
Stage = Literal["fetch", "aggregate", "render", "email"]
STAGES: tuple[Stage, ...] = ("fetch", "aggregate", "render", "email")
DELIVERY_UNKNOWN = "delivery_unknown"
"""The code of a failure that only the provider or a person can settle."""

StageOutcome = Literal["done", "failed", "cancelled", "unknown"]
"""``unknown``: the mail may or may not have been accepted; never sent blindly."""
Cause = Literal[
    "permanent", "transient", "bug", "service", "crash", "orphaned", "delivery"
]
"""What kind of thing failed a job, which says who can help.

``permanent``: input nobody can use, an address that is refused.
``transient``: it was tried again until no try was left.
``bug``: an error nobody foresaw. ``crash``: its process died.
``service``: a service refused all of us for longer than we wait.
``orphaned``: its runs ended without finishing it.
``delivery``: nobody knows whether its mail was accepted; a person has to decide.
"""


def previous_stage(stage: Stage) -> Stage | None:
    """Return the stage whose artifact ``stage`` works on, ``None`` for the first."""
    position = STAGES.index(stage)
    return STAGES[position - 1] if position else None


@dataclass(frozen=True)
class Attempt:
    """One try of one stage in one run.

    ``round`` counts the times a person asked for the stage again: retries keep
    it, a clear changes it. ``log_url`` leads to the try's log, where that is known.
    """

    run: str
    stage: Stage
    round: int
    number: int
    last: bool
    log_url: str | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.run}/{self.stage}/{self.round}/{self.number}"


class Artifact(Value):
    """What a stage wrote: where, and the SHA-256 of its bytes in hex."""

    uri: str
    sha256: str
    size: int


class StageRecord(Value):
    """How a stage ended for a job, in which run and round."""

    run: str
    round: int
    outcome: StageOutcome
    artifact: Artifact | None = None
    finished_at: datetime


class Work(Value):
    """A stage that has begun on a job and not yet ended.

    ``begun`` counts beginnings without an end: a process that dies leaves its
    count behind, which is how a job that kills its worker is found.
    """

    stage: Stage
    run: str
    round: int
    begun: int


class Report(Value):
    """The last good PDF of a job. A failed rerun leaves it alone."""

    artifact: Artifact
    pages: int
    cut_off: datetime
    """Until when data could reach it, UTC."""
    made_at: datetime


class JobError(Value):
    """Why a job failed or was cancelled; free of participant data."""

    code: str
    message: str


class Failure(Value):
    """What fails a job: why, and what kind of thing that is."""

    code: str
    message: str
    cause: Cause


class OpenDeadLetter(Value):
    """A failure that is waiting for somebody; ``sent_at`` once it is in SQS.

    It holds what the letter says beyond the job's own fields, so that anybody
    can write the same letter at any time. Without a try and round the job was
    given up from outside its stage.
    """

    id: str
    stage: Stage
    batch: int | None = None
    try_number: int | None = None
    round: int | None = None
    cause: Cause = "bug"
    failed_at: datetime | None = None
    log_url: str | None = None
    sent_at: datetime | None = None


class Job(Value):
    """One subscription's report for one period; ``_id`` derives from both."""

    id: str = Field(alias="_id")
    subscription_id: str
    user_id: str
    study_id: str
    site_id: str | None = None
    period: ReportingPeriod
    status: JobStatus = "pending"
    reason: str = "scheduled"
    correlation_id: str | None = None
    """Of the request or the run that created it; a rerun keeps it."""
    run: str | None = None
    batch: int | None = None
    stages: dict[Stage, StageRecord] = Field(default_factory=dict)
    work: Work | None = None
    attempts: int = 0
    releases: int = 0
    reopened_by: tuple[str, ...] = ()
    """The runs that have had this report made anew."""
    decided_by: tuple[str, ...] = ()
    """The operators' decisions about this report's mail that were carried out."""
    failures: int = 0
    first_failed_at: datetime | None = None
    send_no: int = 0
    """Which mail is due or was sent: 0 is the automatic one."""
    error: JobError | None = None
    dead_letter: OpenDeadLetter | None = None
    report: Report | None = None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None

    @property
    def log_name(self) -> str:
        """What a log line calls the job."""
        return f"{self.id} [{self.correlation_id}]" if self.correlation_id else self.id

    @property
    def stage(self) -> Stage:
        """The stage the job is in: the first that is not done."""
        for stage in STAGES:
            record = self.stages.get(stage)
            if record is None or record.outcome != "done":
                return stage
        return STAGES[-1]

    def artifact_of(self, stage: Stage) -> Artifact:
        """Return what a stage wrote; only asked of a stage that is done."""
        artifact = self.stages[stage].artifact
        if artifact is None:
            raise LookupError(f"{self.id} has no artifact of {stage}")
        return artifact
