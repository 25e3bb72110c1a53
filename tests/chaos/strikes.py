"""Every kind of strike, carried out."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import httpx
from pymongo.errors import PyMongoError

from local_stack.airflow_models import TaskInstance
from local_stack.airflow_processes import WORKER
from local_stack.aws import fail_aws
from local_stack.aws_faults import AwsFault
from local_stack.aws_faults import Status as AwsStatus
from local_stack.mailbox.faults import Fault, FaultRule
from local_stack.services import Services
from tests.chaos import processes
from tests.chaos.keeper import Keeper
from tests.chaos.person import Person
from tests.chaos.plan import Strike
from trial_reports_airflow.names import WEEKLY_REPORTS

T = TypeVar("T")

_ENDED = ("success", "failed", "upstream_failed", "skipped")
_PATIENCE_SECONDS = 10.0
_TRIES = 4
_AGAIN_SECONDS = 2.0
_START_SECONDS = 60.0
"""How long a process that has been killed may take to answer again."""

_POLL_SECONDS = 0.2
_AWS_DENIALS: tuple[AwsStatus, ...] = (401, 403)
_AWS_FAILURES: tuple[AwsStatus, ...] = (500, 502, 503, 504)
_MAIL_DENIALS: tuple[Fault, ...] = (401, 403)
_MAIL_FAILURES: tuple[Fault, ...] = (500, 502, 503, 504)


class Missed(Exception):  # noqa: N818 - what became of the strike
    """There was nothing to hit."""


@dataclass(frozen=True)
class Arena:
    """What can be hit.

    Attributes:
        services: The object store and the mail provider.
        keeper: Knows the processes.
        person: Clears tasks, and ends runs.
        is_mailing: Tells whether a mail has been or is being sent.
    """

    services: Services
    keeper: Keeper
    person: Person
    is_mailing: Callable[[], bool]

    def strike(self, strike: Strike) -> str:
        """Carry a strike out, to its end; say what was hit.

        Raises:
            Missed: There was nothing to hit.
            httpx.HTTPError: What a person uses was away, several times.
        """
        for _ in range(_TRIES - 1):
            with suppress(httpx.HTTPError):
                return ARMS[strike.kind](self, strike) or ""
            time.sleep(_AGAIN_SECONDS)
        return ARMS[strike.kind](self, strike) or ""

    def calm_down(self) -> None:
        """End what is still wrong on purpose; storage ends it by itself."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                return self.services.mailbox.recover()
            time.sleep(_POLL_SECONDS)
        return self.services.mailbox.recover()


Arm = Callable[[Arena, Strike], str | None]
"""Carries out one kind of strike, and says what it hit."""


def _kill(name: str, arena: Arena, strike: Strike) -> None:
    arena.keeper.hold(name, strike.seconds)
    arena.keeper.process(name).kill()


def _restart_postgres(arena: Arena, _: Strike) -> None:
    # "Immediate shutdown": no goodbye to anybody, recovery at the next start.
    arena.keeper.process("postgres").send(signal.SIGQUIT)


def _kill_one(find: Callable[[int], list[int]], arena: Arena, strike: Strike) -> str:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := find(arena.keeper.process(WORKER).pid)):
        if time.monotonic() > deadline:
            raise Missed
        time.sleep(_POLL_SECONDS)
    pid = _chosen(found, strike)
    os.kill(pid, signal.SIGKILL)
    return f"1 of {len(found)}"


def _freeze(name: str, arena: Arena, strike: Strike) -> None:
    process = arena.keeper.process(name)
    process.send(signal.SIGSTOP)
    time.sleep(strike.seconds)
    process.send(signal.SIGCONT)


def _storage(faults: Sequence[AwsStatus | str], arena: Arena, strike: Strike) -> str:
    fault = _chosen(faults, strike)
    rule = AwsFault.model_validate({"fault": fault, "seconds": strike.seconds})
    fail_aws(arena.services.aws_endpoint_url, rule)
    time.sleep(strike.seconds)
    return str(fault)


def _mail(faults: Sequence[Fault], arena: Arena, strike: Strike) -> str:
    fault = _chosen(faults, strike)
    _wait_for_mail(arena)
    arena.services.mailbox.fail(FaultRule(fault=fault))
    time.sleep(strike.seconds)
    arena.services.mailbox.recover()
    return str(fault)


def _repeat_events(arena: Arena, strike: Strike, *, hold: bool) -> str:
    copies = 2 + int(strike.choice * 3)
    _wait_for_mail(arena)
    if hold:
        arena.services.mailbox.hold_events()
    time.sleep(strike.seconds)
    arena.services.mailbox.shuffle_events(int(strike.choice * 1e6), copies)
    return f"each told {copies} times"


def _while_events_are_due(arm: Arm, arena: Arena, strike: Strike) -> str | None:
    _wait_for_mail(arena)
    return arm(arena, strike)


def _wait_for_mail(arena: Arena) -> None:
    # Before anybody is mailed, a provider that is away would not be noticed.
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with suppress(PyMongoError):
            if arena.is_mailing():
                return
        time.sleep(_POLL_SECONDS)


def _clear_task(arena: Arena, strike: Strike, *, downstream: bool) -> str:
    run = _some_run(arena, strike)
    found = [
        task
        for task in arena.person.task_instances(WEEKLY_REPORTS, run)
        if task.state in _ENDED
    ]
    task = _chosen(found, strike)
    arena.person.clear_task_instances(
        WEEKLY_REPORTS, run, [_name(task)], downstream=downstream
    )
    return f"{task.task_id} {task.map_index} ({task.state}) of {run}"


def _clear_run(arena: Arena, strike: Strike, *, only_failed: bool) -> str:
    run = _some_run(arena, strike)
    arena.person.clear_run(WEEKLY_REPORTS, run, only_failed=only_failed)
    return run


def _fail_run(arena: Arena, strike: Strike) -> str:
    runs = arena.person.unfinished_runs(WEEKLY_REPORTS)
    run = _chosen([run.dag_run_id for run in runs], strike)
    arena.person.mark_run(WEEKLY_REPORTS, run, "failed")
    return run


def _some_run(arena: Arena, strike: Strike) -> str:
    runs = arena.person.dag_runs(WEEKLY_REPORTS)
    return _chosen([run.dag_run_id for run in runs], strike)


def _name(task: TaskInstance) -> str | tuple[str, int]:
    return task.task_id if task.map_index < 0 else (task.task_id, task.map_index)


def _chosen(among: Sequence[T], strike: Strike) -> T:
    if not among:
        raise Missed
    return among[int(strike.choice * len(among))]


ARMS: dict[str, Arm] = {
    "kill_task": partial(_kill_one, processes.tasks),
    "kill_celery_child": partial(_kill_one, processes.celery_children),
    "kill_worker": partial(_kill, WORKER),
    "kill_scheduler": partial(_kill, "airflow-scheduler"),
    "kill_api_server": partial(_kill, "airflow-api-server"),
    "kill_mongod": partial(_kill, "mongod"),
    "kill_redis": partial(_kill, "redis"),
    "restart_postgres": _restart_postgres,
    "storage_slow": partial(_freeze, "moto"),
    "storage_refuses_connections": partial(_storage, ["refuse"]),
    "storage_drops_requests": partial(_storage, ["drop_before"]),
    "storage_drops_answers": partial(_storage, ["drop_after"]),
    "storage_busy": partial(_storage, [429]),
    "storage_denies": partial(_storage, _AWS_DENIALS),
    "storage_fails": partial(_storage, _AWS_FAILURES),
    "mail_slow": partial(_freeze, "mailbox"),
    # It keeps its mails in files.
    "mail_refuses_connections": partial(_kill, "mailbox"),
    "mail_drops_requests": partial(_mail, ["drop_before"]),
    "mail_drops_answers": partial(_mail, ["drop_after_accept"]),
    "mail_busy": partial(_mail, [429]),
    "mail_denies": partial(_mail, _MAIL_DENIALS),
    "mail_fails": partial(_mail, _MAIL_FAILURES),
    "events_shuffled": partial(_repeat_events, hold=True),
    "events_repeated": partial(_repeat_events, hold=False),
    "kill_api": partial(_while_events_are_due, partial(_kill, "api")),
    # What it is told then it does late, and is told again meanwhile.
    "api_slow": partial(_while_events_are_due, partial(_freeze, "api")),
    "clear_task": partial(_clear_task, downstream=False),
    "clear_with_downstream": partial(_clear_task, downstream=True),
    "clear_failed": partial(_clear_run, only_failed=True),
    "clear_run": partial(_clear_run, only_failed=False),
    "fail_run": _fail_run,
}
