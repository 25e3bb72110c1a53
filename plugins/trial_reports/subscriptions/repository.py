"""Reading and writing subscriptions."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from trial_reports.database.model import Row
from trial_reports.subscriptions.models import ReportSubscription

log = logging.getLogger(__name__)

_CHANGEABLE = (
    *("filters", "status", "open", "undo"),
    *("nextRun", "revision", "updatedAt"),
)


class Subscriptions:
    """The collection ``subscriptions``."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["subscriptions"]

    def find(self, subscription_id: str) -> ReportSubscription | None:
        """Return the subscription, or ``None`` if there is none."""
        row = self._rows.find_one({"_id": subscription_id})
        return ReportSubscription.from_row(row) if row else None

    def find_open(
        self, user_id: str, study_id: str, report_type: str
    ) -> ReportSubscription | None:
        """Return the open subscription for this report, or ``None``."""
        row = self._rows.find_one(
            {
                "userId": user_id,
                "studyId": study_id,
                "reportType": report_type,
                "open": True,
            }
        )
        return ReportSubscription.from_row(row) if row else None

    def add(self, subscription: ReportSubscription) -> ReportSubscription:
        """Store a new subscription, or return the open one that was there first."""
        try:
            self._rows.insert_one(subscription.to_row())
        except DuplicateKeyError:
            existing = self.find_open(
                subscription.user_id, subscription.study_id, subscription.report_type
            )
            if existing is not None:
                return existing
            return self.add(subscription)
        return subscription

    def replace(self, seen: ReportSubscription, changed: ReportSubscription) -> bool:
        """Store a change of what was seen, unless it has changed since.

        A plan that moves the subscription forward counts as a change as well:
        the next run was computed from where it stood. One that is opened again
        is not stored beside another open one.

        Args:
            seen: The subscription as it was read.
            changed: The same with its changes and the next revision.

        Returns:
            Whether it was stored.
        """
        row = changed.to_row()
        as_seen = {
            "_id": seen.id,
            "revision": seen.revision,
            "reportedThrough": seen.reported_through,
        }
        change = {"$set": {name: row[name] for name in _CHANGEABLE}}
        try:
            return self._rows.update_one(as_seen, change).modified_count == 1
        except DuplicateKeyError:
            return False

    def close(self, subscription_id: str, now: datetime) -> ReportSubscription | None:
        """End a subscription; repeating it changes nothing.

        Returns:
            The subscription as it is now, or ``None`` if there is none.
        """
        self._rows.update_one(
            {"_id": subscription_id, "open": True},
            {
                "$set": {"open": False, "status": "unsubscribed", "updatedAt": now},
                "$inc": {"revision": 1},
            },
        )
        return self.find(subscription_id)

    def disable_taken_before(
        self, at: datetime, user_id: str, reason: str, now: datetime
    ) -> list[str]:
        """Disable a person's active subscriptions that were there at some time.

        What somebody has subscribed to since then is not meant.

        Args:
            at: When the reason arose, UTC.
            user_id: The person.
            reason: A code.
            now: The time of the change, UTC.

        Returns:
            The ids of those this call has disabled.
        """
        active = {"status": "active", "open": True, "createdAt": {"$lte": at}}
        disabled = {"status": "disabled", "disabledReason": reason, "updatedAt": now}
        change = {"$set": disabled, "$inc": {"revision": 1}}
        rows = self._rows.find({"userId": user_id, **active}, {"_id": 1})
        return [
            id_
            for id_ in [row["_id"] for row in rows]
            if self._rows.update_one({"_id": id_, **active}, change).modified_count
        ]

    def owed(
        self, as_of: datetime, only: tuple[str, ...] | None
    ) -> Iterator[ReportSubscription]:
        """Yield active subscriptions whose next run has come, in the order of ids.

        Args:
            as_of: The instant the run stands for.
            only: Look at these subscriptions alone, whenever their next run is.
        """
        query: dict[str, Any] = {"status": "active", "open": True}
        if only is None:
            query["nextRun"] = {"$lte": as_of}
        else:
            query["_id"] = {"$in": list(only)}
        yield from self._readable(query)

    def active(self) -> Iterator[ReportSubscription]:
        """Yield every active subscription, in the order of ids."""
        yield from self._readable({"status": "active", "open": True})

    def any_owed(self, as_of: datetime) -> bool:
        """Tell whether some active subscription's next run has come."""
        query = {"status": "active", "open": True, "nextRun": {"$lte": as_of}}
        return self._rows.find_one(query, {"_id": 1}) is not None

    def advance(self, steps: dict[str, tuple[datetime, datetime]]) -> None:
        """Move subscriptions forward, never back.

        Args:
            steps: For each subscription id its new ``reported_through`` and
                ``next_run``.
        """
        if not steps:
            return
        self._rows.bulk_write(
            [
                UpdateOne(
                    {"_id": id_, "reportedThrough": {"$lt": reported_through}},
                    {
                        "$set": {
                            "reportedThrough": reported_through,
                            "nextRun": next_run,
                        }
                    },
                )
                for id_, (reported_through, next_run) in steps.items()
            ],
            ordered=False,
        )

    def _readable(self, query: Row) -> Iterator[ReportSubscription]:
        """Yield subscriptions; one that cannot be read stops nobody else's report."""
        for row in self._rows.find(query).sort("_id", 1):
            try:
                yield ReportSubscription.from_row(row)
            except ValidationError:
                self._disable(row["_id"])

    def _disable(self, subscription_id: str) -> None:
        log.error("%s: cannot be read and is disabled", subscription_id)
        self._rows.update_one(
            {"_id": subscription_id},
            {"$set": {"status": "disabled", "disabledReason": "unreadable"}},
        )
