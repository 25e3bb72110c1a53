"""Whatever dies, whenever, and whoever goes on meanwhile: the promises hold.

Hypothesis lets runs, retries, twins, clears, callbacks, people and the
dispatcher act in any order, interrupts a process at any of its writes, and then
lets the system recover. ``STATE_MACHINE_EXAMPLES`` makes it search longer, each
time elsewhere.
"""

import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import SearchStrategy
from mypy_boto3_sqs import SQSClient
from pymongo import MongoClient

from tests.state_machine.breakages import BREAKAGES
from tests.state_machine.product import Product
from tests.state_machine.recovery import check_promises, recover, repair_all
from tests.state_machine.strategies import RULES, TROUBLE, Trouble
from tests.state_machine.world import Event, World
from trial_reports import clients
from trial_reports.settings import DeadLetters, Settings
from trial_reports.storage.storage import Storage

_MORE = os.environ.get("STATE_MACHINE_EXAMPLES")
SEARCH = hypothesis_settings(
    max_examples=int(_MORE or 40),
    derandomize=_MORE is None,
    stateful_step_count=20,
    deadline=None,
    database=None,
    # Each step is many round trips to real services, and draws what may nest.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

NewProduct = Callable[[], Product]


class Weeks(RuleBasedStateMachine):
    """The product's weeks, as bad as they can be.

    A rule for each kind of event: Hypothesis leaves some of the rules out of
    each example, so that rare sequences of the others come about.
    """

    def __init__(self, new_product: NewProduct) -> None:
        super().__init__()
        self.world = World(new_product())

    @initialize(trouble=TROUBLE)
    def the_week_begins(self, trouble: Trouble | None) -> None:
        self.happen(World.start, trouble)

    def teardown(self) -> None:
        if self.world.product.observer.violations:
            return
        recover(self.world)
        repair_all(self.world)
        check_promises(self.world)

    def happen(self, event: Event, trouble: Trouble | None) -> None:
        """Let something happen, perhaps interrupted."""
        self.world.happen(event, trouble.of(self.world) if trouble else None)


def _rule(name: str, events: SearchStrategy[Event]) -> Callable[..., None]:
    def happens(self: Weeks, event: Event, trouble: Trouble | None) -> None:
        self.happen(event, trouble)

    happens.__name__ = name  # by which Hypothesis tells the rules apart
    return rule(event=events, trouble=TROUBLE)(happens)


for _name, _events in RULES.items():
    setattr(Weeks, _name, _rule(_name, _events))


@pytest.fixture
def new_product(
    settings: Settings,
    mongo: MongoClient[dict[str, Any]],
    storage: Storage,
    sqs: SQSClient,
) -> Iterator[NewProduct]:
    """Make installations, each with a database and queues of its own."""
    numbers = count()
    made: list[str] = []

    def make() -> Product:
        for name in made:
            mongo.drop_database(name)
        made.clear()
        name = f"{settings.mongo.database}-{next(numbers)}"
        made.append(name)
        own = DeadLetters(queue_prefix=name)
        return Product(
            settings.model_copy(update={"dead_letters": own}),
            clients.with_guarantees(mongo, name),
            storage,
            sqs,
        )

    yield make
    for name in made:
        mongo.drop_database(name)


def test_whatever_happens_every_job_ends_as_promised(new_product: NewProduct) -> None:
    search(lambda: Weeks(new_product), SEARCH)


@pytest.mark.parametrize(
    ("mistake", "violation"),
    BREAKAGES.items(),
    ids=[mistake.__name__ for mistake in BREAKAGES],
)
def test_a_mistake_in_the_product_is_found(
    new_product: NewProduct, mistake: Callable[[Product], None], violation: str
) -> None:
    def mistaken() -> Product:
        product = new_product()
        mistake(product)
        return product

    found = hypothesis_settings(SEARCH, max_examples=200, phases=[Phase.generate])
    with pytest.raises(AssertionError, match=violation):
        search(lambda: Weeks(mistaken), found)


def search(machine: Callable[[], Weeks], where: hypothesis_settings) -> None:
    run_state_machine_as_test(machine, settings=where)  # type: ignore[arg-type]  # or any function that returns one
