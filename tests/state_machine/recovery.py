"""Once nothing breaks any more, everything ends as it was promised."""

from collections import deque

from tests.state_machine.airflow import DagRun
from tests.state_machine.events import Redrive, Wait
from tests.state_machine.world import World
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import STAGES, JobError, Stage
from trial_reports.periods.models import ReportingPeriod

_ROUNDS = 6
_MESSAGES = 10


def recover(world: World) -> None:
    """Let Airflow and the dispatcher go on until there is nothing to do.

    Raises:
        AssertionError: There is no end to it.
    """
    world.product.sqs.away = False
    for _ in range(_ROUNDS):
        for run in list(world.runs.values()):
            _end(world, run)
        world.happen(World.dispatch)
        if all(run.over for run in world.runs.values()):
            break
    open_ = [
        f"{job.id} {job.status}" for job in world.product.jobs("pending", "processing")
    ]
    assert not open_, f"no end to {open_}"
    unsent = [job.id for job in world.product.pipeline.jobs.unsent_dead_letters()]
    assert not unsent, f"no letter for {unsent}"


def redrive_all(world: World) -> None:
    """Redrive every failed job: what was wrong has been put right by now."""
    failed = world.product.jobs("failed")
    for which in reversed(range(len(failed))):
        world.happen(Redrive(which))
    recover(world)


def check_promises(world: World) -> None:
    """Compare how every job has ended with what became of its mail."""
    for job in world.product.jobs("failed"):
        code = _code(job.error)
        assert code == "delivery_unknown", f"{job.id} still fails: {code}"
    unwanted = world.product.observer.unwanted
    for job in world.product.jobs("cancelled"):
        if not unwanted & {job.id, job.user_id}:
            assert not world.product.provider.accepted[job.id], f"{job.id} has its mail"
    for user in world.people:
        if user.id not in unwanted:
            _check_not_skipped(world, user.id)
    in_sqs = _letters_in_sqs(world)
    marked = {
        job.dead_letter.id
        for job in world.product.jobs("failed")
        if job.dead_letter and job.dead_letter.sent_at
    }
    assert marked <= in_sqs, f"not in SQS: {marked - in_sqs}"


def _end(world: World, run: DagRun) -> None:
    if run.over:
        return
    if not run.width:
        world.happen(lambda w: w.plan(run))
    while ready := run.ready():
        world.happen(Wait())
        _try(world, run, *ready[0])
    world.happen(lambda w: w.close(run))


def _try(world: World, run: DagRun, stage: Stage, batch: int) -> None:
    world.happen(lambda w: w.try_task(run, stage, batch, deque(), told=True))


def _check_not_skipped(world: World, user_id: str) -> None:
    last = ReportingPeriod.containing(world.product.now, "UTC").earlier(1)
    periods = [
        job.period.key
        for job in world.product.jobs("completed", "failed", "cancelled")
        if job.user_id == user_id
    ]
    assert last.key in periods, f"{user_id} has no report of {last.key}"


def _letters_in_sqs(world: World) -> set[str]:
    found: set[str] = set()
    queues = world.product.pipeline.outbox.queues
    for stage in STAGES:
        url = world.product.sqs.get_queue_url(QueueName=queues.name(stage))["QueueUrl"]
        while messages := world.product.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_MESSAGES
        ).get("Messages"):
            bodies = [message["Body"] for message in messages]
            found |= {DeadLetter.model_validate_json(body).id for body in bodies}
    return found


def _code(error: JobError | None) -> str | None:
    return error.code if error else None
