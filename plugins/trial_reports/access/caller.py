"""What somebody who asks may do, by the memberships that the database holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from trial_reports.access.scope import Scope
from trial_reports.users.models import Membership, User

EVERY_STUDY = "*"
"""The study of an operator of the whole platform."""


@dataclass(frozen=True)
class Caller:
    """Somebody who has signed in.

    Args:
        user_id: Who they are.
        memberships: What they are in which study, ended ones as well.
    """

    user_id: str
    memberships: tuple[Membership, ...]

    @classmethod
    def of(cls, user: User) -> Caller:
        """Return the person as somebody who asks."""
        return cls(user.id, user.memberships)

    def scope(self, now: datetime) -> Scope:
        """Return the subscriptions and jobs that the person may see.

        Their own, always: they stay theirs after a study. A coordinator sees the
        rows of their site, or of the study if they have no site; an operator
        those of the study, or everything. A role nobody knows gives nothing.

        Args:
            now: The time of the request, UTC.
        """
        return Scope.own(self.user_id) | self._granted(now, "coordinator", "operator")

    def operated(self, now: datetime) -> Scope:
        """Return the rows of the studies whose operator the person is.

        Args:
            now: The time of the request, UTC.
        """
        return self._granted(now, "operator")

    def coordinated(self, now: datetime) -> Scope:
        """Return the rows of the sites and studies that the person coordinates.

        Args:
            now: The time of the request, UTC.
        """
        return self._granted(now, "coordinator")

    def belongs_to(self, study_id: str, now: datetime) -> bool:
        """Tell whether the person is anything in a study.

        Args:
            study_id: The study.
            now: The time of the request, UTC.
        """
        return any(
            place.study_id == study_id and place.covers(now)
            for place in self.memberships
        )

    def operates(self, study_id: str, now: datetime) -> bool:
        """Tell whether the person is an operator of a study, or of all.

        Args:
            study_id: The study.
            now: The time of the request, UTC.
        """
        return any(
            place.role == "operator"
            and place.study_id in {study_id, EVERY_STUDY}
            and place.covers(now)
            for place in self.memberships
        )

    def _granted(self, now: datetime, *roles: str) -> Scope:
        granted = (
            _scope_of(place)
            for place in self.memberships
            if place.role in roles and place.covers(now)
        )
        return reduce(or_, granted, Scope.nothing())


def _scope_of(place: Membership) -> Scope:
    match place.role, place.study_id, place.site_id:
        case "operator", study, _ if study == EVERY_STUDY:
            return Scope.everything()
        case "operator", study, _:
            return Scope.study(study)
        case "coordinator", study, str(site):
            return Scope.sites({study: [site]})
        case "coordinator", study, None:
            return Scope.study(study)
        case _:
            return Scope.nothing()
