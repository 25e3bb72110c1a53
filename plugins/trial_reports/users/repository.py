"""Reading people."""

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.errors import PermanentError
from trial_reports.users.models import User


class Users:
    """The collection ``users``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["users"]

    def find(self, user_id: str) -> User | None:
        """Return the user, or ``None`` if there is none."""
        row = self._rows.find_one({"_id": user_id})
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
