"""People, and what they are in which study."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from trial_reports.database.model import Value
from trial_reports.identifiers import fingerprint

MailProblem = Literal["mail_bounced", "mail_complained"]
"""What is wrong with an address: it takes no mail, or called ours spam."""


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


class MailHistory(Value):
    """When something last happened to mail to an address, UTC."""

    delivered: datetime | None = None
    mail_bounced: datetime | None = None
    mail_complained: datetime | None = None

    @property
    def problem(self) -> MailProblem | None:
        """What is wrong with the address, if no mail was delivered since then."""
        if self._is_latest(self.mail_complained):
            return "mail_complained"
        if self._is_latest(self.mail_bounced):
            return "mail_bounced"
        return None

    def _is_latest(self, at: datetime | None) -> bool:
        return at is not None and (self.delivered is None or self.delivered <= at)


class User(Value):
    """A person known to the platform."""

    id: str = Field(alias="_id")
    subject: str | None = Field(None, description="Their `sub` at the provider")
    name: str
    email: str
    email_verified_at: datetime | None = None
    email_consent: bool = False
    locale: str = "en"
    time_zone: str = "UTC"
    memberships: tuple[Membership, ...] = ()
    mail_histories: dict[str, MailHistory] = Field({}, description="By address_key")

    @property
    def address_key(self) -> str:
        """The fingerprint of the present address, however its letters are cased."""
        return _address_key(self.email)

    def has_address(self, address: str) -> bool:
        """Tell whether it is the person's present address."""
        return _address_key(address) == self.address_key

    @property
    def mail_problem(self) -> MailProblem | None:
        """What is wrong with the present address; a later delivery ends it."""
        return self.mail_histories.get(self.address_key, MailHistory()).problem

    def participates(self, study_id: str, at: datetime) -> bool:
        """Tell whether the user was a participant of the study at ``at``."""
        return bool(self._places(study_id, at))

    def site_in(self, study_id: str, at: datetime) -> str | None:
        """Return at which site the user was a participant of the study at ``at``."""
        places = self._places(study_id, at)
        return places[0].site_id if places else None

    def _places(self, study_id: str, at: datetime) -> list[Membership]:
        return [
            m
            for m in self.memberships
            if m.study_id == study_id and m.role == "participant" and m.covers(at)
        ]


def _address_key(address: str) -> str:
    return fingerprint(address.strip().casefold())
