"""What a person of the sample is made from."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from local_stack.sample_study.chart import Chart
from local_stack.sample_study.history import history
from local_stack.sample_study.photos import Album
from local_stack.sample_study.places import PLACES, Place
from local_stack.sample_study.sample import Person
from local_stack.sample_study.uploads import Uploads
from local_stack.sample_study.weeks import Weeks
from trial_reports.identifiers import derived_id
from trial_reports.studies.models import Study
from trial_reports.users.models import Membership, User

_DOMAINS = ("example.org", "example.net", "example.com")


@dataclass(frozen=True)
class Making:
    """The place, the calendar and the dice of one person."""

    user_id: str
    index: int
    random: Random
    place: Place
    weeks: Weeks
    album: Album
    studies: tuple[Study, Study]

    @property
    def study(self) -> Study:
        """The study the person is in: the two take turns."""
        return self.studies[self.index % 2]

    @property
    def other_study(self) -> Study:
        """The study the person is not in."""
        return self.studies[1 - self.index % 2]

    def chart(self, study: Study) -> Chart:
        """Return the person's record in a study."""
        return Chart(self.user_id, study.id, self.weeks, self.random)

    def uploads(self, study: Study) -> Uploads:
        """Return the maker of the person's files in a study."""
        return Uploads(
            self.user_id, study.id, self.weeks, self.random, self.place, self.album
        )

    def membership(self, study: Study) -> Membership:
        """Return a membership that is older than any record and still running."""
        since = self.weeks.moment(self.random.randint(8, 26), 0, 10)
        site = derived_id("sit", self.place.time_zone)
        return Membership(
            study_id=study.id, site_id=site, role="participant", since=since
        )

    def plain_person(self) -> Person:
        """Return somebody with nothing odd about them."""
        return Person(
            user=self._user(),
            documents=history(self.chart(self.study)),
            files=self.uploads(self.study).usual(self.index),
            subscribes_to=(self.study.id,),
        )

    def _user(self) -> User:
        place, random = self.place, self.random
        name = place.name(random.choice(place.given), random.choice(place.family))
        membership = self.membership(self.study)
        domain = _DOMAINS[self.index % len(_DOMAINS)]
        return User(
            id=self.user_id,
            name=name,
            email=f"{_mailbox(name)}.{self.index}@{domain}",
            email_verified_at=membership.since + timedelta(hours=2),
            email_consent=True,
            time_zone=place.time_zone,
            memberships=(membership,),
        )


def make(
    seed: int, index: int, weeks: Weeks, album: Album, studies: tuple[Study, Study]
) -> Making:
    """Return the making of the person with this number.

    It depends on the seed and the number alone, so that the first people of a
    large sample are the people of a small one.
    """
    return Making(
        user_id=derived_id("usr", str(seed), str(index)),
        index=index,
        random=Random(f"{seed} {index}"),  # noqa: S311 - reproducible people
        place=PLACES[index % len(PLACES)],
        weeks=weeks,
        album=album,
        studies=studies,
    )


def _mailbox(name: str) -> str:
    """Return the name in the letters of an e-mail address (RFC 5321, dot-string)."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join(re.findall("[a-z]+", ascii_only.lower())) or "participant"
