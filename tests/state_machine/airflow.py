"""Airflow's part: runs, tasks, tries and rounds, counted as Airflow counts them."""

from dataclasses import dataclass, field

from trial_reports.jobs.models import STAGES, Attempt, Stage
from trial_reports.pipeline.plan import PlanRequest

RETRIES = 2


@dataclass
class Task:
    """One mapped task; a clear raises ``max_tries``, a retry does not."""

    number: int = 0
    max_tries: int = RETRIES
    ended: bool = False

    def clear(self) -> None:
        self.max_tries = self.number + RETRIES
        self.ended = False


@dataclass
class DagRun:
    """One run of ``weekly_reports``.

    Attributes:
        width: How many batches the plan has told Airflow.
        over: Closed, or marked as failed by a person.
        tried: Every try so far with its batch: any of them may have a twin.
    """

    request: PlanRequest
    width: int = 0
    over: bool = False
    tasks: dict[tuple[Stage, int], Task] = field(default_factory=dict)
    tried: list[tuple[Attempt, int]] = field(default_factory=list)

    def expand(self, width: int) -> None:
        """Map the stages over the batches of a plan."""
        self.width = width
        for batch in range(width):
            for stage in STAGES:
                self.tasks.setdefault((stage, batch), Task())

    def ready(self) -> list[tuple[Stage, int]]:
        """Return the tasks that can run: the first open stage of each batch."""
        found = []
        for batch in range(self.width):
            open_ = [s for s in STAGES if not self.tasks[s, batch].ended]
            found += [(open_[0], batch)] if open_ else []
        return found

    def next_try(self, stage: Stage, batch: int) -> Attempt:
        """Return the next try of a task."""
        task = self.tasks[stage, batch]
        task.number += 1
        attempt = Attempt(
            run=self.request.run,
            stage=stage,
            round=task.max_tries,
            number=task.number,
            last=task.number > task.max_tries,
        )
        self.tried.append((attempt, batch))
        return attempt

    def clear(self, stage: Stage, batch: int, *, downstream: bool) -> None:
        """Run a task again as a person asks for it, with the run's close."""
        first = STAGES.index(stage)
        for cleared in STAGES[first:] if downstream else (stage,):
            self.tasks[cleared, batch].clear()
        self.over = False
