"""Whatever dies, whenever, and whoever goes on meanwhile: the promises hold.

Hypothesis lets runs, retries, twins, clears, callbacks, people and the
dispatcher act in any order, interrupts a process at any of its writes, and then
lets the system recover. ``STATE_MACHINE_EXAMPLES`` makes it search longer, each
time elsewhere.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import SearchStrategy
from mypy_boto3_sqs import SQSClient
from pymongo import MongoClient, WriteConcern
from pymongo.read_concern import ReadConcern

from tests.state_machine.breakages import BREAKAGES
from tests.state_machine.events import Work
from tests.state_machine.product import Product
from tests.state_machine.recovery import check_promises, recover, repair_all
from tests.state_machine.strategies import GOING_ON, RULES, TROUBLE, Trouble
from tests.state_machine.world import Event, World
from trial_reports import clients
from trial_reports.database.schema import apply_indexes
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage

_MORE = os.environ.get("STATE_MACHINE_EXAMPLES")
SEARCH = hypothesis_settings(
    max_examples=int(_MORE or 30),
    derandomize=_MORE is None,
    stateful_step_count=20,
    deadline=None,
    database=None,
    # Each step is many round trips to real services, and draws what may nest.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# After ten examples Hypothesis turns to variations of those it has seen; ten
# others find a mistake sooner.
GLANCE = hypothesis_settings(
    SEARCH, max_examples=10, derandomize=False, phases=[Phase.generate]
)
_GLANCES = 10

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
    def happens(self: Weeks, tries: int, event: Event, trouble: Trouble | None) -> None:
        self.happen(Work(run=0, which=0, tries=tries), None)
        self.happen(event, trouble)

    happens.__name__ = name  # by which Hypothesis tells the rules apart
    return rule(tries=GOING_ON, event=events, trouble=TROUBLE)(happens)


for _name, _events in RULES.items():
    setattr(Weeks, _name, _rule(_name, _events))


@pytest.fixture
def new_product(
    settings: Settings,
    mongo: MongoClient[dict[str, Any]],
    storage: Storage,
    sqs: SQSClient,
) -> Iterator[NewProduct]:
    """Make installations, one after the other, in the same database and queues."""
    # Processes die here and mongod does not: nothing has to wait for its disk.
    database = clients.with_guarantees(mongo, settings.mongo.database).with_options(
        read_concern=ReadConcern("local"), write_concern=WriteConcern(w=1)
    )
    apply_indexes(database)
    DeadLetterQueues(sqs, settings.dead_letters.queue_prefix).create()

    def make() -> Product:
        for name in database.list_collection_names():
            database[name].delete_many({})
        return Product(settings, database, storage, sqs)

    yield make
    mongo.drop_database(database.name)


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

    with pytest.raises(AssertionError, match=violation):
        glance_often(lambda: Weeks(mistaken))


def search(machine: Callable[[], Weeks], where: hypothesis_settings) -> None:
    run_state_machine_as_test(machine, settings=where)  # type: ignore[arg-type]  # or any function that returns one


def glance_often(machine: Callable[[], Weeks]) -> None:
    for number in range(_GLANCES):
        search(seed(number)(machine), GLANCE)
