"""How Hypothesis draws what happens, and what interrupts it."""

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

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
    Twin,
    Wait,
    Work,
)
from tests.state_machine.outside import Crash, Interruption
from tests.state_machine.stages import Mood
from tests.state_machine.world import Event, World
from trial_reports.jobs.models import STAGES


@dataclass(frozen=True)
class Trouble:
    """At a process's change number ``at`` in a place it dies, or others go on."""

    place: str | None
    at: int
    moment: Literal["before", "after"]
    meanwhile: tuple[Event, ...] = ()

    def of(self, world: World) -> Interruption:
        """Return the interruption of what happens next in the world."""
        return Interruption(
            self.place, self.at, self.moment, lambda: self._strike(world)
        )

    def _strike(self, world: World) -> None:
        if not self.meanwhile:
            raise Crash
        world.meanwhile(self.meanwhile)


_WHICH = st.integers(0, 7)
_RUN = st.integers(0, 2)
_TRIES = st.sampled_from((1, 2, 4, 8, 24))
_MOODS = st.lists(st.sampled_from(Mood), max_size=4).map(tuple)
_STAGE = st.sampled_from(STAGES)

WORK = st.builds(Work, _RUN, _WHICH, _TRIES, _STAGE, _MOODS, st.booleans())
LATE = st.builds(Twin, _RUN, _WHICH, _MOODS) | st.builds(LateCallback, _RUN, _WHICH)
AGAIN = st.builds(Clear, _RUN, _WHICH, st.booleans()) | st.builds(PlanAgain, _RUN)
ENDS = st.builds(EndRun, _RUN, st.booleans())
STARTS = st.builds(Dispatch) | st.builds(StartRun)
OPERATOR = st.builds(Redrive, _WHICH) | st.builds(Rerun, _WHICH)
LEAVES = st.builds(Leave, _WHICH, st.booleans())
QUEUES = st.builds(Queues, st.booleans())
TIME = st.builds(Wait, st.integers(0, 1))

_OTHERS = st.one_of(WORK, LATE, AGAIN, ENDS, STARTS, OPERATOR, LEAVES, st.builds(Wait))

TROUBLE = st.none() | st.builds(
    Trouble,
    st.sampled_from((None, "report_jobs", "deliveries", "mail", "sqs")),
    st.integers(1, 8),
    st.sampled_from(("before", "after")),
    st.lists(_OTHERS, max_size=4).map(tuple),
)
