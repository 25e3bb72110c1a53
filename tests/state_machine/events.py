"""What Airflow, time and SQS do, as values that Hypothesis draws, nests and shows."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from tests.state_machine.airflow import DagRun
from tests.state_machine.stages import Mood
from tests.state_machine.world import SEND_TIMEOUT, World
from trial_reports.jobs.models import Stage

T = TypeVar("T")

RUNS = 5
"""As many runs as are worth their time in one example."""


def pick(choices: Sequence[T], which: int) -> T | None:
    """Return one of some choices, wherever the number points; none of none."""
    return choices[which % len(choices)] if choices else None


def _run(world: World, which: int) -> DagRun | None:
    return pick(list(world.runs.values()), -1 - which)


@dataclass(frozen=True)
class StartRun:
    """The weekly tick, or a person's trigger."""

    def __call__(self, world: World) -> None:
        if len(world.runs) < RUNS:
            world.start()


@dataclass(frozen=True)
class PlanAgain:
    """The plan task is retried, has a twin, or is cleared."""

    run: int

    def __call__(self, world: World) -> None:
        if run := _run(world, self.run):
            world.plan(run)


@dataclass(frozen=True)
class Work:
    """Mapped tasks of a run are tried, a number of times, in Airflow's order.

    The stage ``odd`` has the moods; the others go well. Where no run is left,
    the dispatcher looks for one.
    """

    run: int
    which: int
    tries: int
    odd: Stage = "fetch"
    moods: tuple[Mood, ...] = ()
    told: bool = True

    def __call__(self, world: World) -> None:
        alive = [r for r in world.runs.values() if r.ready() and not r.over]
        run = pick(alive, self.run)
        if run is None:
            Dispatch()(world)
            return
        moods = deque(self.moods)
        for _ in range(self.tries):
            task = None if run.over else pick(run.ready(), self.which)
            if task:
                odd = moods if task[0] == self.odd else deque[Mood]()
                world.try_task(run, *task, odd, told=self.told)


@dataclass(frozen=True)
class MailGoesBadly:
    """The provider has these moods with the next mails, whenever they come."""

    moods: tuple[Mood, ...]

    def __call__(self, world: World) -> None:
        world.product.provider.moods = deque(self.moods)


@dataclass(frozen=True)
class Twin:
    """A process that Airflow takes for dead does a try's work once more."""

    run: int
    which: int
    moods: tuple[Mood, ...] = ()

    def __call__(self, world: World) -> None:
        run = _run(world, self.run)
        if run and (tried := pick(run.tried, self.which)):
            world.product.run_stage(*tried, deque(self.moods))


@dataclass(frozen=True)
class LateCallback:
    """A failure callback comes late or twice."""

    run: int
    which: int

    def __call__(self, world: World) -> None:
        run = _run(world, self.run)
        if run is None:
            return
        ended = [(a, b) for a, b in run.tried if run.tasks[a.stage, b].ended]
        if tried := pick(ended, self.which):
            world.product.settle_failed_task(*tried)


@dataclass(frozen=True)
class Clear:
    """A person clears an ended task, and perhaps those after it."""

    run: int
    which: int
    downstream: bool

    def __call__(self, world: World) -> None:
        run = _run(world, self.run)
        if run is None:
            return
        ended = [task for task, state in run.tasks.items() if state.ended]
        if task := pick(ended, self.which):
            run.clear(*task, downstream=self.downstream)


@dataclass(frozen=True)
class EndRun:
    """A run is closed once its tasks have ended, or marked as failed."""

    run: int
    abandoned: bool = False

    def __call__(self, world: World) -> None:
        run = _run(world, self.run)
        if run and self.abandoned:
            run.over = True
        elif run and not run.ready():
            world.close(run)


@dataclass(frozen=True)
class Dispatch:
    """The dispatcher's five minutes are over."""

    def __call__(self, world: World) -> None:
        if len(world.runs) < RUNS:
            world.dispatch()


@dataclass(frozen=True)
class Wait:
    """Time passes: more than a sender may take, or a week."""

    weeks: int = 0

    def __call__(self, world: World) -> None:
        world.product.now += timedelta(weeks=self.weeks) or SEND_TIMEOUT


@dataclass(frozen=True)
class Queues:
    """SQS goes away, or comes back and is sent what was left."""

    away: bool

    def __call__(self, world: World) -> None:
        world.product.sqs.away = self.away
        world.product.pipeline.outbox.send_unsent(world.product.now)
