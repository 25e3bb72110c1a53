"""Once nothing breaks any more, everything ends as it was promised."""

from collections import deque

from tests.state_machine.airflow import DagRun
from tests.state_machine.people import PauseDelivery, Redrive, Settle
from tests.state_machine.world import SEND_TIMEOUT, World
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import JobError, Stage
from trial_reports.periods.models import ReportingPeriod

_ROUNDS = 6


def recover(world: World) -> None:
    """Let Airflow and the dispatcher go on until there is nothing to do.

    Raises:
        AssertionError: There is no end to it.
    """
    world.product.sqs.away = False
    world.happen(PauseDelivery(paused=False))
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


def repair_all(world: World) -> None:
    """Redrive every failed job, and settle what nobody but a person can know."""
    world.product.provider.moods.clear()
    for decide in (Redrive, Settle):
        failed = world.product.jobs("failed")
        for which in reversed(range(len(failed))):
            world.happen(decide(which))
        if failed:
            recover(world)


def check_promises(world: World) -> None:
    """Compare how every job has ended with what became of its mail."""
    for job in world.product.jobs("failed"):
        raise AssertionError(f"{job.id} still fails: {_code(job.error)}")
    unwanted = world.product.observer.unwanted
    for job in world.product.jobs("cancelled"):
        if not unwanted & {job.id, job.user_id}:
            assert not world.product.provider.mails(job.id), f"{job.id} has its mail"
    for job in world.product.jobs("completed"):
        asked = 1 + world.product.observer.resent[job.id]
        mails = world.product.provider.mails(job.id)
        assert mails >= asked, f"{job.id} was mailed {mails} times instead of {asked}"
    for user in world.people:
        if user.id not in unwanted:
            _check_not_skipped(world, user.id)
    missing = {letter.id for letter in world.product.sqs.letters} - _drain_sqs(world)
    assert not missing, f"not in SQS: {missing}"


def _end(world: World, run: DagRun) -> None:
    if run.over:
        return
    if not run.width:
        world.happen(lambda w: w.plan(run))
    while ready := run.ready():
        world.product.now += SEND_TIMEOUT
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


def _drain_sqs(world: World) -> set[str]:
    """Return the letters in SQS, and leave its queues empty for the next example."""
    found: set[str] = set()
    sqs, queues = world.product.sqs, world.product.queues
    for stage in {letter.stage for letter in sqs.letters}:
        url = sqs.get_queue_url(QueueName=queues.name(stage))["QueueUrl"]
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                found.add(DeadLetter.model_validate_json(message["Body"]).id)
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _code(error: JobError | None) -> str | None:
    return error.code if error else None
