"""What people decide, as values that Hypothesis draws, nests and shows."""

from contextlib import suppress
from dataclasses import dataclass

from tests.builders import a_decision
from tests.state_machine.events import RUNS, pick
from tests.state_machine.world import World
from trial_reports.delivery.settling import Finding
from trial_reports.errors import RequestError


@dataclass(frozen=True)
class Redrive:
    """An operator takes a failed job up again."""

    which: int

    def __call__(self, world: World) -> None:
        job = pick(world.product.jobs("failed"), self.which)
        if job and job.dead_letter:
            world.product.pipeline.decisions.redrive(
                job, job.dead_letter.id, world.product.now
            )


@dataclass(frozen=True)
class Settle:
    """A person looks a mail up at the provider, and says what became of it."""

    which: int

    def __call__(self, world: World) -> None:
        product = world.product
        unknown = list(product.pipeline.jobs.with_unknown_mail())
        if job := pick(sorted(unknown, key=lambda job: job.id), self.which):
            arrived = product.provider.accepted[job.id, job.send_no]
            finding: Finding = "arrived" if arrived else "not_arrived"
            with suppress(RequestError):
                product.pipeline.desk.settling.settle(
                    job.id, finding, a_decision(), product.now
                )


@dataclass(frozen=True)
class Resend:
    """An operator has a finished report mailed once more.

    ``again`` repeats the decision before, as clearing its task does.
    """

    which: int
    again: bool = False

    def __call__(self, world: World) -> None:
        product = world.product
        if self.again and world.resent is not None:
            with suppress(RequestError):
                product.pipeline.desk.settling.resend(*world.resent, product.now)
            return
        if job := pick(product.jobs("completed"), self.which):
            world.resent = (job.id, a_decision())
            product.observer.anew[job.id] += 1
            with suppress(RequestError):
                product.pipeline.desk.settling.resend(*world.resent, product.now)
                product.observer.resent[job.id] += 1


@dataclass(frozen=True)
class Recall:
    """An operator recalls a week of the study, or lets it go on."""

    which: int
    lifted: bool

    def __call__(self, world: World) -> None:
        ended = ("pending", "processing", "completed", "failed", "cancelled")
        if job := pick(world.product.jobs(*ended), self.which):
            world.recall(job.study_id, job.period.key, lifted=self.lifted)


@dataclass(frozen=True)
class PauseDelivery:
    """A person stops all mail, or lets it go on."""

    paused: bool

    def __call__(self, world: World) -> None:
        world.pause(paused=self.paused)


@dataclass(frozen=True)
class Rerun:
    """An operator has a report made anew, in a run of its own."""

    which: int

    def __call__(self, world: World) -> None:
        job = pick(world.product.jobs("completed", "failed", "cancelled"), self.which)
        if job and len(world.runs) < RUNS:
            world.product.observer.anew[job.id] += 1
            world.start(jobs=(job.id,))


@dataclass(frozen=True)
class Leave:
    """Somebody withdraws from the study or unsubscribes."""

    which: int
    withdraws: bool

    def __call__(self, world: World) -> None:
        user = pick(world.people, self.which)
        if user:
            world.leave(user, withdraws=self.withdraws)
