"""The suite finds the mistakes that could be made in the product."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from local_stack.mailbox.faults import FaultRule
from tests.chaos.builders import a_result
from tests.chaos.conduct import conduct
from tests.chaos.plan import Plan, plan_storm
from tests.chaos.result import StormResult, codes_of, statuses_of
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.chaos.conftest import SmallWeek

    Mistake = Callable[[SmallWeek], None]


class EagerLedger(Ledger):
    """A mistake: everybody may send."""

    def find(self, *_: Any, **__: Any) -> None:
        return None

    def claim(self, *args: Any, **options: Any) -> tuple[Delivery, bool]:
        return super().claim(*args, **options)[0], True


class LeakyQueues(DeadLetterQueues):
    """A mistake: a letter counts as sent, and is not."""

    def send(self, letter: DeadLetter) -> None:
        pass


def everybody_may_send(week: SmallWeek) -> None:
    week.completes()
    ledger = EagerLedger(week.database, timedelta(minutes=1))
    week.goes_through("email", round_=1, ledger=ledger)


def dead_letters_get_lost(week: SmallWeek) -> None:
    week.mailbox.fail(FaultRule(fault=400))
    outbox = week.pipeline.outbox
    leaky = LeakyQueues(outbox.queues.client, outbox.queues.prefix)
    week.pipeline.outbox = replace(outbox, queues=leaky)
    week.completes()


def nobody_comes_back_for_a_job(week: SmallWeek) -> None:
    week.begins()
    week.goes_through("fetch")


def test_a_week_that_went_well_breaks_no_promise(week: SmallWeek) -> None:
    week.completes()
    assert week.violations() == []
    assert statuses_of(week.jobs()) == {"completed": 2, "cancelled": 1}


def test_an_honest_failure_breaks_no_promise(week: SmallWeek) -> None:
    week.mailbox.fail(FaultRule(fault=400))
    week.completes()
    assert week.violations() == []
    assert codes_of(week.jobs()) == {"mail_refused": 2}


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (everybody_may_send, "mailed 2 times"),
        (dead_letters_get_lost, "is not in its queue"),
        (nobody_comes_back_for_a_job, "has not ended"),
    ],
)
def test_a_mistake_in_the_product_fails_the_suite(
    week: SmallWeek, tmp_path: Path, mistake: Mistake, said: str
) -> None:
    def storm(plan: Plan) -> StormResult:
        mistake(week)
        return a_result(plan, violations=week.violations())

    results, console = tmp_path / "results.jsonl", Console(record=True, quiet=True)
    plans = [plan_storm(1, 3, 60)]
    assert conduct(plans, storm, "v1", results, console) == 1
    assert said in results.read_text()
