"""The audit trail: what people and the system decided, for later questions.

ICH E6(R3), 4.2.2: changes must be traceable to who made them, when and why.
"""

from datetime import datetime

from pydantic import Field
from pymongo.database import Database

from trial_reports.database.model import Row, Value
from trial_reports.identifiers import new_id

SYSTEM = "system"
"""The actor of what nobody in particular has decided."""


class AuditEvent(Value):
    """One decision; ``details`` hold ids, codes and counts only."""

    id: str = Field(alias="_id")
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str
    details: dict[str, str | int]


class AuditTrail:
    """The collection ``audit_events``: only ever added to.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["audit_events"]

    def record(
        self,
        *,
        actor: str,
        action: str,
        subject: str,
        reason: str,
        now: datetime,
        **details: str | int,
    ) -> None:
        """Add an event.

        Args:
            actor: The person's account name, or `SYSTEM`.
            action: What was done, as a snake-case verb: ``pause_delivery``.
            subject: The id of what it was done to.
            reason: Why, in the actor's words.
            now: When, UTC.
            **details: Ids, codes and counts that belong to it.
        """
        event = AuditEvent(
            id=new_id("aud"),
            at=now,
            actor=actor,
            action=action,
            subject=subject,
            reason=reason,
            details=details,
        )
        self._rows.insert_one(event.to_row())

    def about(self, subject: str) -> list[AuditEvent]:
        """Return what was done to something, the oldest first."""
        rows = self._rows.find({"subject": subject}).sort([("at", 1), ("_id", 1)])
        return [AuditEvent.from_row(row) for row in rows]
