"""A small builder of storm results."""

from typing import Any

from tests.chaos.plan import Plan
from tests.chaos.result import StormResult


def a_result(plan: Plan, **changes: Any) -> StormResult:
    defaults: dict[str, Any] = {
        "version": "v1",
        "seed": plan.seed,
        "subscriptions": plan.subscriptions,
        "seconds": plan.seconds,
        "max_mapped_tasks": plan.max_mapped_tasks,
        "blows": [],
        "statuses": {"completed": plan.subscriptions},
        "codes": {},
        "unknown": 0,
        "mails": plan.subscriptions,
        "letters": 0,
        "redeliveries": 0,
        "releases": 0,
        "runs": 1,
        "restarts": 0,
        "recovery_seconds": 12.0,
        "storm_seconds": 80.0,
        "violations": [],
    }
    return StormResult(**defaults | changes)
