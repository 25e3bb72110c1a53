"""Whatever dies, whenever, and whoever goes on meanwhile: the promises hold.

Hypothesis lets runs, retries, twins, clears, callbacks, people and the
dispatcher act in any order, interrupts a process at any of its writes, and then
lets the system recover. ``STATE_MACHINE_EXAMPLES`` makes it search longer, each
time elsewhere.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from mypy_boto3_sqs import SQSClient
from pymongo import MongoClient

from tests.state_machine.events import (
    Clear,
    Dispatch,
    EndRun,
    LateCallback,
    Leave,
    PlanAgain,
    Queues,
    Redrive,
    Rerun,
    StartRun,
    Trouble,
    Twin,
    Wait,
    Work,
)
from tests.state_machine.recovery import check_promises, recover, redrive_all
from tests.state_machine.stages import Mood
from tests.state_machine.world import World
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

WHICH = st.integers(0, 7)
RUN = st.integers(0, 2)
MOODS = st.lists(st.sampled_from(Mood), max_size=4).map(tuple)
WORK = st.builds(
    Work, RUN, WHICH, st.sampled_from((1, 2, 4, 8, 24)), MOODS, st.booleans()
)
TWIN = st.builds(Twin, RUN, WHICH, MOODS)
CLEAR = st.builds(Clear, RUN, WHICH, st.booleans())
CALLBACK = st.builds(LateCallback, RUN, WHICH)
PLAN_AGAIN = st.builds(PlanAgain, RUN)
END = st.builds(EndRun, RUN, st.booleans())
LEAVE = st.builds(Leave, WHICH, st.booleans())
REDRIVE = st.builds(Redrive, WHICH)
RERUN = st.builds(Rerun, WHICH)
WAIT = st.builds(Wait)
OTHERS = st.one_of(
    WORK,
    TWIN,
    CLEAR,
    CALLBACK,
    PLAN_AGAIN,
    END,
    LEAVE,
    REDRIVE,
    RERUN,
    WAIT,
    st.builds(StartRun),
    st.builds(Dispatch),
)
TROUBLE = st.none() | st.builds(
    Trouble,
    st.integers(1, 24),
    st.sampled_from(("before", "after")),
    st.lists(OTHERS, max_size=4).map(tuple),
)

NewWorld = Callable[[], World]


class Weeks(RuleBasedStateMachine):
    """The product's weeks, as bad as they can be."""

    def __init__(self, new_world: NewWorld) -> None:
        super().__init__()
        self.world = new_world()

    @initialize(trouble=TROUBLE)
    def the_week_begins(self, trouble: Trouble | None) -> None:
        self._happen(StartRun(), trouble)

    @rule(event=WORK, trouble=TROUBLE)
    def tasks_run(self, event: Work, trouble: Trouble | None) -> None:
        self._happen(event, trouble)

    @rule(event=WORK, trouble=TROUBLE)
    def more_tasks_run(self, event: Work, trouble: Trouble | None) -> None:
        self._happen(event, trouble)

    @rule(event=TWIN | CALLBACK, trouble=TROUBLE)
    def somebody_comes_late(
        self, event: Twin | LateCallback, trouble: Trouble | None
    ) -> None:
        self._happen(event, trouble)

    @rule(event=CLEAR | PLAN_AGAIN, trouble=TROUBLE)
    def a_task_is_run_again(
        self, event: Clear | PlanAgain, trouble: Trouble | None
    ) -> None:
        self._happen(event, trouble)

    @rule(event=END, trouble=TROUBLE)
    def a_run_ends(self, event: EndRun, trouble: Trouble | None) -> None:
        self._happen(event, trouble)

    @rule(event=st.builds(Dispatch) | st.builds(StartRun), trouble=TROUBLE)
    def a_run_starts(
        self, event: Dispatch | StartRun, trouble: Trouble | None
    ) -> None:
        self._happen(event, trouble)

    @rule(event=REDRIVE | RERUN, trouble=TROUBLE)
    def an_operator_acts(
        self, event: Redrive | Rerun, trouble: Trouble | None
    ) -> None:
        self._happen(event, trouble)

    @rule(event=LEAVE)
    def somebody_leaves(self, event: Leave) -> None:
        self._happen(event)

    @rule(event=WAIT | st.builds(Wait, st.just(1)))
    def time_passes(self, event: Wait) -> None:
        self._happen(event)

    @rule(event=st.builds(Queues, st.booleans()), trouble=TROUBLE)
    def sqs_goes_or_comes(self, event: Queues, trouble: Trouble | None) -> None:
        self._happen(event, trouble)

    def teardown(self) -> None:
        if self.world.observer.violations:
            return
        recover(self.world)
        redrive_all(self.world)
        check_promises(self.world)

    def _happen(self, event: Any, trouble: Trouble | None = None) -> None:
        self.world.happen(event, trouble.of(self.world) if trouble else None)


@pytest.fixture
def new_world(
    settings: Settings,
    mongo: MongoClient[dict[str, Any]],
    storage: Storage,
    sqs: SQSClient,
) -> Iterator[NewWorld]:
    """Make worlds, each with a database and queues of its own."""
    numbers = count()
    made: list[str] = []

    def make() -> World:
        for name in made:
            mongo.drop_database(name)
        made.clear()
        name = f"{settings.mongo.database}-{next(numbers)}"
        made.append(name)
        own = DeadLetters(queue_prefix=name)
        return World(
            settings.model_copy(update={"dead_letters": own}),
            clients.with_guarantees(mongo, name),
            storage,
            sqs,
        )

    yield make
    for name in made:
        mongo.drop_database(name)


def test_whatever_happens_every_job_ends_as_promised(new_world: NewWorld) -> None:
    run_state_machine_as_test(lambda: Weeks(new_world), settings=SEARCH)
