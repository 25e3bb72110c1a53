"""How Hypothesis draws what happens, and what interrupts it."""

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from tests.state_machine.events import (
    Clear,
    Dispatch,
    EndRun,
    LateCallback,
    MailGoesBadly,
    PlanAgain,
    Queues,
    StartRun,
    Twin,
    Wait,
    Work,
)
from tests.state_machine.outside import Crash, Interruption
from tests.state_machine.people import (
    Leave,
    PauseDelivery,
    Recall,
    Redrive,
    Rerun,
    Resend,
    Settle,
)
from tests.state_machine.stages import MAIL_MOODS, Mood
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
_MOODS = st.lists(st.sampled_from(Mood), min_size=1, max_size=4).map(tuple)
_MAIL_MOODS = st.lists(st.sampled_from(MAIL_MOODS), min_size=1, max_size=4).map(tuple)
_MAIL_PLACES = st.sampled_from(("deliveries", "mail"))


GOING_ON = st.sampled_from((0, 1, 4, 8, 24))
"""How many tasks are tried before something happens."""

RULES: dict[str, st.SearchStrategy[Event]] = {
    "a_stage_goes_well": st.builds(Work, _RUN, _WHICH, _TRIES),
    "a_stage_goes_badly": st.builds(
        Work, _RUN, _WHICH, _TRIES, st.sampled_from(STAGES), _MOODS, st.booleans()
    ),
    "mail_goes_badly": st.builds(MailGoesBadly, _MAIL_MOODS),
    "airflow_repeats_itself": st.one_of(
        st.builds(Twin, _RUN, _WHICH, _MOODS),
        st.builds(LateCallback, _RUN, _WHICH),
        st.builds(PlanAgain, _RUN),
        st.builds(StartRun),
    ),
    "a_task_is_cleared": st.builds(Clear, _RUN, _WHICH, st.booleans()),
    "a_run_ends": st.builds(EndRun, _RUN, st.booleans()),
    "the_dispatcher_looks": st.builds(Dispatch),
    "a_job_is_taken_up_again": st.one_of(
        st.builds(Redrive, _WHICH), st.builds(Rerun, _WHICH)
    ),
    "a_mail_is_decided_about": st.one_of(
        st.builds(Settle, _WHICH), st.builds(Resend, _WHICH, st.booleans())
    ),
    "delivery_is_paused": st.builds(
        PauseDelivery, st.sampled_from((True, False, False))
    ),
    "a_week_is_recalled": st.builds(Recall, _WHICH, st.booleans()),
    # Always the same person, or soon nobody is left.
    "somebody_leaves": st.builds(Leave, st.just(0), st.booleans()),
    "time_passes": st.builds(Wait, st.sampled_from((0, 0, 0, 1))),
    "the_queues_come_and_go": st.builds(Queues, st.booleans()),
}
"""What can happen, by a name for each kind."""

_MOMENT = st.sampled_from(("before", "after"))
_MEANWHILE = st.lists(st.one_of(*RULES.values()), max_size=4).map(tuple)


def _trouble(
    places: st.SearchStrategy[str | None], most: int
) -> st.SearchStrategy[Trouble]:
    return st.builds(Trouble, places, st.integers(1, most), _MOMENT, _MEANWHILE)


TROUBLE = st.one_of(
    st.none(),
    _trouble(st.none(), 3),
    _trouble(st.none(), 12),
    # A mail is few of many changes, and the one that cannot be taken back.
    _trouble(_MAIL_PLACES, 2),
    _trouble(st.just("sqs"), 2),
)
