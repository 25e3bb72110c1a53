"""Reading people, and noting what becomes of their mail."""

from datetime import datetime
from typing import Literal

from pydantic.alias_generators import to_camel
from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.errors import PermanentError
from trial_reports.users.models import MailProblem, User


class Users:
    """The collection ``users``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["users"]

    def find(self, user_id: str) -> User | None:
        """Return the user, or ``None`` if there is none."""
        row = self._rows.find_one({"_id": user_id})
        return User.from_row(row) if row else None

    def find_by_subject(self, subject: str) -> User | None:
        """Return the one user whom the identity provider calls ``subject``."""
        row = self._rows.find_one({"subject": subject})
        return User.from_row(row) if row else None

    def get(self, user_id: str) -> User:
        """Return the user.

        Raises:
            PermanentError: There is none.
        """
        user = self.find(user_id)
        if user is None:
            raise PermanentError("user_missing", f"There is no user {user_id}.")
        return user

    def note_mail(
        self, user: User, what: Literal["delivered"] | MailProblem, at: datetime
    ) -> None:
        """Note what became of a mail to the address that the person had.

        Only the latest time is kept, so that the order of notes does not matter.

        Args:
            user: The person as they were read.
            what: What happened.
            at: When it happened, UTC.
        """
        latest = {f"mailHistories.{user.address_key}.{to_camel(what)}": at}
        self._rows.update_one({"_id": user.id}, {"$max": latest})
