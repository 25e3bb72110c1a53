"""Reading subscriptions for people, each within what they may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo.database import Database

from trial_reports.access.scope import Scope
from trial_reports.access.visible import Page, VisibleRows
from trial_reports.database.model import Row
from trial_reports.delivery.models import DeliveryStatus
from trial_reports.subscriptions.models import ReportSubscription, SubscriptionStatus


@dataclass(frozen=True)
class SubscriptionFilter:
    """Which subscriptions somebody looks for; ``None`` where it does not matter."""

    study_id: str | None = None
    site_id: str | None = None
    status: SubscriptionStatus | None = None
    delivery_status: DeliveryStatus | None = None

    def query(self) -> Row:
        """Return the filter for MongoDB, without what other collections know."""
        wanted = {
            "studyId": self.study_id,
            "siteId": self.site_id,
            "status": self.status,
        }
        return {name: {"$eq": it} for name, it in wanted.items() if it is not None}

    def further_steps(self) -> list[Row]:
        """Return the aggregation steps that keep what the last mail was about.

        The last mail is that of the subscription's newest job.
        """
        if self.delivery_status is None:
            return []
        return [*_LAST_MAIL, {"$match": {"mail.status": self.delivery_status}}]


_LAST_MAIL: list[Row] = [
    {
        "$lookup": {
            "from": "report_jobs",
            "localField": "_id",
            "foreignField": "subscriptionId",
            "pipeline": [
                {"$sort": {"createdAt": -1, "period.key": -1}},
                {"$limit": 1},
            ],
            "as": "job",
        }
    },
    {"$unwind": "$job"},
    {
        "$lookup": {
            "from": "deliveries",
            "localField": "job._id",
            "foreignField": "jobId",
            "let": {"sendNo": "$job.sendNo"},
            "pipeline": [{"$match": {"$expr": {"$eq": ["$sendNo", "$$sendNo"]}}}],
            "as": "mail",
        }
    },
]


class VisibleSubscriptions:
    """The collection ``subscriptions``, as far as somebody may see it.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._subscriptions = VisibleRows(
            database["subscriptions"], ReportSubscription.from_row
        )

    def find_visible(
        self, scope: Scope, subscription_id: str
    ) -> ReportSubscription | None:
        """Return the subscription if it is in the scope, as if no other existed."""
        return self._subscriptions.find(scope, subscription_id)

    def find_many(
        self, scope: Scope, ids: Iterable[str]
    ) -> dict[str, ReportSubscription]:
        """Return those of the subscriptions that are in the scope, by id."""
        return self._subscriptions.find_many(scope, ids)

    def page(
        self, scope: Scope, filters: SubscriptionFilter, after: str | None, first: int
    ) -> Page[ReportSubscription]:
        """Return subscriptions of the scope, those created last first.

        Args:
            scope: Whose subscriptions.
            filters: Which of them.
            after: The subscription behind which the page begins, ``None`` for
                the newest.
            first: The most subscriptions, 1 to 100.

        Raises:
            RequestError: ``cursor_unknown``: ``after`` is not in the scope.
        """
        return self._subscriptions.page(
            scope, filters.query(), after, first, filters.further_steps()
        )
