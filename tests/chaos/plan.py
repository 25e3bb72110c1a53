"""What strikes when: everything random about a storm, from its seed."""

from dataclasses import dataclass
from random import Random

KINDS: dict[str, tuple[str, ...]] = {
    "process": (
        "kill_task",
        "kill_celery_child",
        "kill_worker",
        "kill_scheduler",
        "kill_api_server",
        "kill_mongod",
        "kill_redis",
        "restart_postgres",
    ),
    "storage": (
        "storage_slow",
        "storage_refuses_connections",
        "storage_drops_requests",
        "storage_drops_answers",
        "storage_busy",
        "storage_denies",
        "storage_fails",
    ),
    "mail": (
        "mail_slow",
        "mail_refuses_connections",
        "mail_drops_requests",
        "mail_drops_answers",
        "mail_busy",
        "mail_denies",
        "mail_fails",
    ),
    "events": (
        "events_shuffled",
        "events_repeated",
        "kill_api",
        "api_slow",
    ),
    "person": (
        "clear_task",
        "clear_with_downstream",
        "clear_failed",
        "clear_run",
        "fail_run",
    ),
}
"""Every kind of strike, by whose trouble it is."""

_WIDTHS = (40, 20, 10)
_CALM_START = 3.0
"""Seconds in which the week may begin in peace."""


@dataclass(frozen=True, order=True)
class Strike:
    """One blow.

    Attributes:
        at: Seconds after the week has begun.
        kind: One of ``KINDS``.
        seconds: How long it lasts: an outage, or how long a killed component
            stays away.
        choice: From 0 to 1: which of those that it could hit.
    """

    at: float
    kind: str
    seconds: float
    choice: float

    def __str__(self) -> str:
        return f"{self.at:g} s {self.kind} for {self.seconds:g} s"


@dataclass(frozen=True)
class Plan:
    """A storm before it happens.

    Attributes:
        seed: Decides everything below.
        subscriptions: How many people are owed a report.
        seconds: During how many seconds it strikes.
        max_mapped_tasks: Into how many batches the week is divided at most.
        strikes: In the order of their times.
    """

    seed: int
    subscriptions: int
    seconds: float
    max_mapped_tasks: int
    strikes: tuple[Strike, ...]


def plan_storm(seed: int, subscriptions: int, seconds: float) -> Plan:
    """Plan a storm; the same arguments give the same storm.

    Each kind of trouble happens at least once, and about one blow comes in ten
    seconds.

    Args:
        seed: Where everything random comes from.
        subscriptions: How many people are owed a report.
        seconds: During how many seconds it strikes.
    """
    random = Random(seed)  # noqa: S311 - reproducible, guards nothing
    width = random.choice(_WIDTHS)
    families = list(KINDS)
    while len(families) < seconds // 10:
        families.append(random.choice(list(KINDS)))
    strikes = (
        Strike(
            at=round(random.uniform(_CALM_START, seconds), 1),
            kind=random.choice(KINDS[family]),
            seconds=round(random.uniform(2, 10), 1),
            choice=random.random(),
        )
        for family in families
    )
    return Plan(seed, subscriptions, seconds, width, tuple(sorted(strikes)))
