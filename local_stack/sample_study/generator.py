"""Inventing the sample study; nothing here reads a clock, a file or a database."""

from dataclasses import replace
from datetime import datetime, timedelta

from local_stack.sample_study.awkwardness import Awkwardness
from local_stack.sample_study.canaries import Canaries
from local_stack.sample_study.making import make
from local_stack.sample_study.photos import Album
from local_stack.sample_study.places import PLACES
from local_stack.sample_study.sample import Person, SampleStudy
from local_stack.sample_study.staff import sample_staff
from local_stack.sample_study.studies import sample_studies
from local_stack.sample_study.twists import TWISTS, with_canaries
from local_stack.sample_study.weeks import Weeks
from trial_reports.studies.models import Study

_FIVE_DAYS = timedelta(days=5)


def generate(seed: int, participants: int, last_tick: datetime) -> SampleStudy:
    """Return two studies with their participants, records and files.

    Args:
        seed: The same seed gives the same people, rows and file bytes.
        participants: How many people subscribe or try to. The first is plain,
            then there is one of each ``Awkwardness``, the rest are plain again.
        last_tick: The weekly tick, Monday 12:00 UTC; the report week is the one
            that ended just before it, on each person's own calendar.

    Raises:
        ValueError: There is nobody, or the tick has no time zone.
    """
    if participants < 1:
        raise ValueError("A sample needs at least one participant.")
    if last_tick.tzinfo is None:
        raise ValueError("The tick needs a time zone.")
    album, studies = Album(seed), sample_studies(seed)
    return SampleStudy(
        last_tick=last_tick,
        subscribed_at=last_tick - _FIVE_DAYS,
        studies=studies,
        people=tuple(
            _person(seed, index, last_tick, album, studies)
            for index in range(participants)
        ),
        staff=sample_staff(seed, studies[0], last_tick),
        canaries=Canaries(),
    )


def _person(
    seed: int,
    index: int,
    last_tick: datetime,
    album: Album,
    studies: tuple[Study, Study],
) -> Person:
    weeks = Weeks(last_tick, PLACES[index % len(PLACES)].time_zone)
    making = make(seed, index, weeks, album, studies)
    plain = making.plain_person()
    if index == 0:
        return with_canaries(plain, making, Canaries())
    odd = list(Awkwardness)[index - 1 : index]
    if not odd:
        return plain
    return replace(TWISTS[odd[0]](plain, making), awkwardness=odd[0])
