"""People, and what they are in which study."""

from datetime import datetime

from pydantic import Field

from trial_reports.database.model import Value


class Membership(Value):
    """A user's place in a study: participant, coordinator or operator.

    ``from`` is inclusive and ``until`` exclusive, both UTC; no ``until`` means
    that the membership is still running. A withdrawal sets ``until``.
    """

    study_id: str
    site_id: str | None = None
    role: str
    since: datetime = Field(alias="from")
    until: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        """Tell whether the membership was running at ``instant``."""
        return self.since <= instant and (self.until is None or instant < self.until)


class User(Value):
    """A person known to the platform."""

    id: str = Field(alias="_id")
    name: str
    email: str
    email_verified_at: datetime | None = None
    email_consent: bool = False
    locale: str = "en"
    time_zone: str = "UTC"
    memberships: tuple[Membership, ...] = ()

    def participates(self, study_id: str, at: datetime) -> bool:
        """Tell whether the user was a participant of the study at ``at``."""
        return any(
            m.study_id == study_id and m.role == "participant" and m.covers(at)
            for m in self.memberships
        )
