"""The link in the mail: random, hashed at rest, revocable, never pre-signed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.delivery.models import Link
from trial_reports.identifiers import fingerprint, new_token

_NOTED_OPENINGS = 100
"""The first openings are kept: a row must not grow with every press of a button."""


class Links:
    """The collection ``links``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["links"]

    def mint(
        self, job_id: str, user_id: str, address: str, now: datetime, valid: timedelta
    ) -> tuple[str, Link]:
        """Store a new link for a reader.

        Args:
            job_id: The job whose report it opens.
            user_id: The reader.
            address: The address it is mailed to; only its fingerprint is kept.
            now: The time of minting, UTC.
            valid: How long it opens the report.

        Returns:
            The token, which exists nowhere else, and the row.
        """
        token = new_token()
        link = Link(
            id=fingerprint(token),
            job_id=job_id,
            user_id=user_id,
            sent_to=fingerprint(address),
            created_at=now,
            expires_at=now + valid,
        )
        self._rows.insert_one(link.to_row())
        return token, link

    def find(self, token: str) -> Link | None:
        """Return the link of a token, or ``None`` if there is none."""
        row = self._rows.find_one({"_id": fingerprint(token)})
        return Link.from_row(row) if row else None

    def newest_of(self, job_id: str) -> Link | None:
        """Return the link to a job's report that was made last, or ``None``."""
        row = self._rows.find_one({"jobId": job_id}, sort=[("createdAt", -1)])
        return Link.from_row(row) if row else None

    def record_opening(self, link: Link, now: datetime) -> bool:
        """Note that the report was opened through the link.

        Returns:
            Whether the link still opens reports; ``False`` if it was revoked
            in the meantime, and then nothing is noted.
        """
        opened = {"$each": [now], "$slice": _NOTED_OPENINGS}
        result = self._rows.update_one(
            {"_id": link.id, "revokedAt": None}, {"$push": {"opened": opened}}
        )
        return result.matched_count == 1

    def count_open(self, job_ids: Sequence[str]) -> int:
        """Count the links to these jobs' reports that are not revoked."""
        return self._rows.count_documents(_unrevoked(job_ids))

    def revoke(self, job_ids: Sequence[str], now: datetime) -> int:
        """Close every link to these jobs' reports; return how many were open."""
        revoked = {"$set": {"revokedAt": now}}
        return self._rows.update_many(_unrevoked(job_ids), revoked).modified_count

    def opened(self, job_ids: Sequence[str]) -> list[Link]:
        """Return the links through which these jobs' reports have been opened."""
        rows = self._rows.find(
            {"jobId": {"$in": list(job_ids)}, "opened.0": {"$exists": True}}
        )
        return [Link.from_row(row) for row in rows.sort([("jobId", 1), ("_id", 1)])]


def _unrevoked(job_ids: Sequence[str]) -> Row:
    return {"jobId": {"$in": list(job_ids)}, "revokedAt": None}
