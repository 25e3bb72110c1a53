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
_TRIES = st.sampled_from((1, 4, 8, 24))
_MOODS = st.lists(st.sampled_from(Mood), max_size=4).map(tuple)
_OFTEN = 4
_MAIL_PLACES = st.sampled_from(("deliveries", "mail"))


def _work() -> st.SearchStrategy[Event]:
    stage = st.sampled_from(STAGES)
    return st.builds(Work, _RUN, _WHICH, _TRIES, stage, _MOODS, st.booleans())


EVENTS: st.SearchStrategy[Event] = st.one_of(
    # Each is drawn as often as it is named.
    *(_work() for _ in range(_OFTEN)),
    st.builds(Twin, _RUN, _WHICH, _MOODS),
    st.builds(LateCallback, _RUN, _WHICH),
    st.builds(Clear, _RUN, _WHICH, st.booleans()),
    st.builds(PlanAgain, _RUN),
    st.builds(EndRun, _RUN, st.booleans()),
    st.builds(Dispatch) | st.builds(StartRun),
    st.builds(Redrive, _WHICH) | st.builds(Rerun, _WHICH),
    st.builds(Wait, st.sampled_from((0, 0, 0, 1))),
    st.builds(Queues, st.booleans()) | st.builds(Leave, _WHICH, st.booleans()),
)

_MOMENT = st.sampled_from(("before", "after"))
_MEANWHILE = st.lists(EVENTS, max_size=4).map(tuple)

TROUBLE = st.one_of(
    st.none(),
    st.builds(Trouble, st.none(), st.integers(1, 24), _MOMENT, _MEANWHILE),
    # A mail is few of many changes, and the one that cannot be taken back.
    st.builds(Trouble, _MAIL_PLACES, st.integers(1, 2), _MOMENT, _MEANWHILE),
    st.builds(Trouble, st.just("sqs"), st.integers(1, 2), _MOMENT, _MEANWHILE),
)
