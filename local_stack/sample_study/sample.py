"""What a sample study consists of."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from local_stack.sample_study.awkwardness import Awkwardness
from local_stack.sample_study.canaries import Canaries
from trial_reports.documents.models import Document, File
from trial_reports.studies.models import Study
from trial_reports.users.models import User


@dataclass(frozen=True)
class SampleFile:
    """A file and its metadata; the bytes are made when asked for.

    ``media_type`` is what the person's device claims, which need not be true.
    """

    id: str
    study_id: str
    user_id: str
    name: str
    caption: str
    media_type: str
    recorded_at: datetime
    stored_at: datetime
    content: Callable[[], bytes] = field(compare=False, repr=False)
    uploaded: bool = True
    """False for metadata whose object never reached the storage."""

    def metadata(self, uri: str, data: bytes) -> File:
        """Return what the product keeps about the file.

        Args:
            uri: Where the object is stored, or should be.
            data: Its bytes, which the caller has just had made.
        """
        return File(
            id=self.id,
            study_id=self.study_id,
            user_id=self.user_id,
            uri=uri,
            name=self.name,
            caption=self.caption,
            media_type=self.media_type,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            recorded_at=self.recorded_at,
            stored_at=self.stored_at,
        )


@dataclass(frozen=True)
class Person:
    """A participant, everything recorded about them, and what they will do.

    ``user`` is the person while subscribing: a withdrawal comes later, see
    ``withdrawn_at``.
    """

    user: User
    documents: tuple[Document, ...]
    files: tuple[SampleFile, ...]
    subscribes_to: tuple[str, ...]
    """Ids of the studies whose report they ask for."""
    awkwardness: Awkwardness | None = None
    unsubscribes: bool = False
    """Whether they take their subscription back before the tick."""
    withdrawn_at: datetime | None = None
    """When their membership ends, UTC; after ``SampleStudy.subscribed_at``."""

    @property
    def may_subscribe(self) -> bool:
        """Whether subscribing is granted: the address has to be confirmed."""
        return self.user.email_verified_at is not None


@dataclass(frozen=True)
class SampleStudy:
    """Two studies and their participants, the same for the same arguments."""

    last_tick: datetime
    """The weekly tick, UTC, for the report week that ended just before it."""
    subscribed_at: datetime
    """A moment of everybody's report week, UTC, before any withdrawal."""
    studies: tuple[Study, ...]
    people: tuple[Person, ...]
    staff: tuple[User, ...]
    canaries: Canaries

    def odd(self, awkwardness: Awkwardness) -> Person:
        """Return the person with this oddity.

        Raises:
            KeyError: The sample is too small to hold one.
        """
        for person in self.people:
            if person.awkwardness is awkwardness:
                return person
        raise KeyError(awkwardness.name)
