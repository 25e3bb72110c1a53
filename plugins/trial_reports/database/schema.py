"""Every collection with its indexes and its validator, declared in one place."""

from typing import get_args

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.delivery.models import DeliveryStatus
from trial_reports.jobs.models import JobStatus
from trial_reports.subscriptions.models import SubscriptionStatus

_OPEN = {"open": True}
_NAMED = {"subject": {"$gt": ""}}
_FAILED = {"status": "failed"}
_UNSENT = {"deadLetter.sentAt": None, "status": "failed"}

_NEWEST_FIRST = [
    IndexModel([*whose, ("createdAt", DESCENDING), ("_id", DESCENDING)])
    for whose in ([("userId", 1)], [("studyId", 1)], [])
]
"""For pages of what somebody may see: their own, a study's, everything."""

INDEXES: dict[str, list[IndexModel]] = {
    "users": [
        IndexModel([("subject", 1)], unique=True, partialFilterExpression=_NAMED)
    ],
    "studies": [],
    "documents": [
        IndexModel([("studyId", 1), ("userId", 1), ("recordedAt", 1)]),
        IndexModel([("studyId", 1), ("userId", 1), ("storedAt", 1)]),
    ],
    "files": [
        IndexModel([("uri", ASCENDING)], unique=True),
        IndexModel([("studyId", 1), ("userId", 1), ("recordedAt", 1)]),
    ],
    "subscriptions": [
        IndexModel(
            [("userId", 1), ("studyId", 1), ("reportType", 1)],
            unique=True,
            partialFilterExpression=_OPEN,
        ),
        IndexModel([("status", 1), ("nextRun", 1)]),
        *_NEWEST_FIRST,
    ],
    "report_jobs": [
        IndexModel([("run", 1), ("batch", 1)]),
        IndexModel([("status", 1), ("run", 1)]),
        IndexModel([("subscriptionId", 1), ("createdAt", DESCENDING)]),
        IndexModel([("studyId", 1), ("period.key", 1)]),
        *_NEWEST_FIRST,
        IndexModel([("deadLetter.sentAt", 1)], partialFilterExpression=_UNSENT),
        IndexModel([("deadLetter.failedAt", 1)], partialFilterExpression=_FAILED),
    ],
    "runs": [
        IndexModel([("closedAt", 1)]),
        IndexModel([("plannedAt", DESCENDING), ("_id", DESCENDING)]),
    ],
    "deliveries": [
        IndexModel([("jobId", 1), ("userId", 1), ("sendNo", 1)], unique=True)
    ],
    "mail_events": [IndexModel([("jobId", 1)])],
    "controls": [],
    "recalls": [],
    "rate_windows": [IndexModel([("expireAt", 1)], expireAfterSeconds=0)],
    "idempotency_keys": [IndexModel([("expireAt", 1)], expireAfterSeconds=0)],
    "links": [IndexModel([("jobId", 1)])],
    "unsubscribe_tokens": [IndexModel([("subscriptionId", 1)])],
    "alarms": [
        IndexModel(
            [("code", 1), ("subject", 1)], unique=True, partialFilterExpression=_OPEN
        ),
        IndexModel([("open", 1), ("told", 1)]),
    ],
    "audit_events": [IndexModel([("subject", 1), ("at", 1)])],
}

_STATUS: dict[str, tuple[str, ...]] = {
    "deliveries": get_args(DeliveryStatus),
    "report_jobs": get_args(JobStatus),
    "subscriptions": get_args(SubscriptionStatus),
}
"""The collections whose ``status`` the database itself guards."""


def _validator(statuses: tuple[str, ...]) -> Row:
    status = {"enum": list(statuses)}
    return {"$jsonSchema": {"required": ["status"], "properties": {"status": status}}}


def apply_indexes(database: Database[Row]) -> None:
    """Create every collection, index and validator; repeating it changes nothing.

    Args:
        database: The product's database, with the right to change its schema.
    """
    existing = set(database.list_collection_names())
    for name, indexes in INDEXES.items():
        if name not in existing:
            database.create_collection(name)
        if name in _STATUS:
            database.command("collMod", name, validator=_validator(_STATUS[name]))
        if indexes:
            database[name].create_indexes(indexes)
