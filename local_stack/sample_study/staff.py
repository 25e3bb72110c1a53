"""Those who work with the sample study: a coordinator and an operator."""

from datetime import datetime, timedelta

from local_stack.sample_study.places import PLACES
from trial_reports.identifiers import derived_id
from trial_reports.studies.models import Study
from trial_reports.users.models import Membership, User

_A_YEAR = timedelta(days=365)


def sample_staff(seed: int, study: Study, last_tick: datetime) -> tuple[User, User]:
    """Return the coordinator of a study's first site, and who operates all studies.

    Args:
        seed: The same seed gives the same people.
        study: The study.
        last_tick: The weekly tick; both began a year before it.
    """
    since = last_tick - _A_YEAR
    site = derived_id("sit", PLACES[0].time_zone)
    coordinator = Membership(
        study_id=study.id, site_id=site, role="coordinator", since=since
    )
    operator = Membership(study_id="*", role="operator", since=since)
    return (
        _user(seed, "coordinator", "Carla Coordinator", coordinator, since),
        _user(seed, "operator", "Omar Operator", operator, since),
    )


def _user(seed: int, role: str, name: str, place: Membership, since: datetime) -> User:
    return User(
        id=derived_id("usr", str(seed), role),
        name=name,
        email=f"{role}@example.org",
        email_verified_at=since,
        memberships=(place,),
    )
