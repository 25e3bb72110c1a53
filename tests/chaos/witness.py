"""Sees whether what is known of a mail is ever forgotten again."""

from contextlib import suppress

from pymongo.database import Database
from pymongo.errors import PyMongoError

from tests.chaos.repeating import Repeating
from trial_reports.database.model import Row
from trial_reports.delivery.models import HANDED_OVER

_LOOK_SECONDS = 0.2


class Witness(Repeating):
    """Watches the ledger while its ``with`` block runs.

    Args:
        database: The product's.
    """

    def __init__(self, database: Database[Row]) -> None:
        super().__init__("witness", _LOOK_SECONDS)
        self._deliveries = database["deliveries"]
        self._known: dict[str, str] = {}
        self.went_back: list[str] = []

    def act(self) -> None:
        """Look at every mail once."""
        with suppress(PyMongoError):
            for row in self._deliveries.find({}, {"jobId": 1, "status": 1}):
                self._look(row)

    def _look(self, row: Row) -> None:
        before, now = self._known.get(row["_id"], ""), row["status"]
        if _rank(now) < _rank(before):
            self.went_back.append(f"{row['jobId']}: mail {before}, and then {now}")
        self._known[row["_id"]] = now


def _rank(status: str) -> int:
    """Return how much is known; before the provider has the mail, nothing is."""
    order: tuple[str, ...] = HANDED_OVER
    return order.index(status) if status in order else -1
