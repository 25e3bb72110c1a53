"""What a storm came to: one line of the results file."""

import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from local_stack.environment import PROJECT
from tests.chaos.plan import Plan
from trial_reports.jobs.models import Job

_DIRTY = "-dirty"
_GIT_SECONDS = 10


class Blow(BaseModel):
    """A strike as it happened: ``hit`` is what it hit, or why it missed."""

    model_config = ConfigDict(frozen=True)

    at: float
    kind: str
    seconds: float
    hit: str


class StormResult(BaseModel):
    """How a storm ended.

    ``recovery_seconds`` is the time from the last blow to the last job's end,
    ``None`` if that did not come. ``unknown`` is for how many mails, of which no
    event told, a person then had to decide. ``redeliveries`` is how often dead
    letters are in SQS beyond the first time.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    seed: int
    subscriptions: int
    seconds: float
    max_mapped_tasks: int
    blows: list[Blow]
    statuses: dict[str, int]
    codes: dict[str, int]
    unknown: int
    mails: int
    letters: int
    redeliveries: int
    releases: int
    runs: int
    restarts: int
    recovery_seconds: float | None
    storm_seconds: float
    violations: list[str]

    def answers(self, plan: Plan, version: str) -> bool:
        """Tell whether it makes running a plan again needless."""
        same = (self.seed, self.subscriptions, self.seconds)
        return (
            same == (plan.seed, plan.subscriptions, plan.seconds)
            and self.version == version
            and not version.endswith(_DIRTY)
        )


def statuses_of(jobs: Iterable[Job]) -> dict[str, int]:
    """Count jobs by status."""
    return dict(Counter(job.status for job in jobs))


def codes_of(jobs: Iterable[Job]) -> dict[str, int]:
    """Count failed jobs by the code of their error."""
    failed = (job for job in jobs if job.status == "failed")
    return dict(Counter(job.error.code if job.error else "none" for job in failed))


def read_results(path: Path) -> list[StormResult]:
    """Return the storms of a results file, none if there is no such file."""
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    return [StormResult.model_validate_json(line) for line in lines]


def add_result(path: Path, result: StormResult) -> None:
    """Append a storm to a results file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as results:
        results.write(result.model_dump_json() + "\n")


def code_version() -> str:
    """Return the git commit, and whether the files differ from it."""
    command = ["git", "describe", "--always", "--abbrev=12", f"--dirty={_DIRTY}"]
    answer = subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        check=False,
        text=True,
        timeout=_GIT_SECONDS,
    )
    return answer.stdout.strip() or "unknown" + _DIRTY
