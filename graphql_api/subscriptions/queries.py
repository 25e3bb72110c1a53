"""Asking for subscriptions."""

from typing import Annotated

import strawberry

from graphql_api.connections import After, Connection, First, page_of
from graphql_api.context import Info
from graphql_api.errors import NotFoundError
from graphql_api.subscriptions.inputs import SubscriptionsFilter
from graphql_api.subscriptions.types import ReportSubscription

SubscriptionResult = Annotated[
    ReportSubscription | NotFoundError, strawberry.union("SubscriptionResult")
]


@strawberry.type
class SubscriptionQueries:
    """What can be asked about subscriptions."""

    @strawberry.field(description="One that the person asking may see.")
    async def subscription(self, info: Info, id: strawberry.ID) -> SubscriptionResult:  # noqa: A002 - GraphQL's name
        """Find it, or refuse."""
        context = info.context
        found = await context.enter(context.services.door.subscription, str(id))
        return ReportSubscription.of(found)

    @strawberry.field(
        description="Those that the person asking may see: their own, those of a "
        "coordinator's sites, those of an operator's studies. The newest first."
    )
    async def subscriptions(
        self,
        info: Info,
        filter: SubscriptionsFilter | None = None,  # noqa: A002 - GraphQL's name
        first: First = 20,
        after: After = None,
    ) -> Connection[ReportSubscription]:
        """Return a page of them."""
        context = info.context
        return await page_of(
            info,
            context.services.visible_subscriptions.page,
            context.scope,
            (filter or SubscriptionsFilter()).to_filter(),
            node=ReportSubscription.of,
            cursor=lambda row: row.id,
            after=after,
            first=first,
        )
