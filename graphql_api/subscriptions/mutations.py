"""Taking, changing and ending a subscription."""

from typing import Annotated, Any

import strawberry

from graphql_api.context import Info
from graphql_api.errors import Refusal
from graphql_api.subscriptions.inputs import (
    CreateSubscriptionInput,
    SubscriptionInput,
    UpdateSubscriptionInput,
)
from graphql_api.subscriptions.types import ReportSubscription
from trial_reports.subscriptions.models import Filters
from trial_reports.subscriptions.subscribing import subscribe


@strawberry.type
class CreateSubscriptionSuccess:
    """The subscription that is open now."""

    subscription: ReportSubscription
    created: bool = strawberry.field(
        description="False if it was there already; it is returned unchanged."
    )


@strawberry.type(description="The subscription as it is now.")
class SubscriptionSuccess:
    """What a change came to."""

    subscription: ReportSubscription


CreateSubscriptionResult = Annotated[
    CreateSubscriptionSuccess | Refusal, strawberry.union("CreateSubscriptionResult")
]
ChangeSubscriptionResult = Annotated[
    SubscriptionSuccess | Refusal, strawberry.union("ChangeSubscriptionResult")
]


async def _change(info: Info, id_: str, **wanted: Any) -> SubscriptionSuccess:
    context, services = info.context, info.context.services
    await context.enter(services.door.own_subscription, id_)
    changed = await context.ask(
        services.changing.change,
        id_,
        **wanted,
        by=context.user.id,
        now=context.now,
    )
    return SubscriptionSuccess(subscription=ReportSubscription.of(changed))


@strawberry.type
class SubscriptionMutations:
    """What a person can do about their subscriptions."""

    @strawberry.mutation(
        description="Subscribe to the weekly report of a study one takes part in. "
        "Repeating it returns the open subscription; with other filters it is a "
        "conflict."
    )
    async def create_subscription(
        self,
        info: Info,
        input: CreateSubscriptionInput,  # noqa: A002 - GraphQL's name
    ) -> CreateSubscriptionResult:
        """Ask the library, which knows who may."""
        context, services = info.context, info.context.services
        stored, created = await context.ask(
            subscribe,
            context.user,
            str(input.study_id),
            input.filters.to_filters() if input.filters else Filters(),
            studies=services.studies,
            subscriptions=services.subscriptions,
            schedule=services.schedule,
            now=context.now,
        )
        return CreateSubscriptionSuccess(
            subscription=ReportSubscription.of(stored), created=created
        )

    @strawberry.mutation(description="Change what the report holds.")
    async def update_subscription(
        self,
        info: Info,
        input: UpdateSubscriptionInput,  # noqa: A002 - the same
    ) -> ChangeSubscriptionResult:
        """Merge the filters."""
        return await _change(
            info,
            str(input.id),
            filters=input.filters.to_filters(),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        description="Have no reports made until it is resumed. Repeating it succeeds."
    )
    async def pause_subscription(
        self,
        info: Info,
        input: SubscriptionInput,  # noqa: A002 - the same
    ) -> ChangeSubscriptionResult:
        """Set the state."""
        return await _change(info, str(input.id), status="paused")

    @strawberry.mutation(description="Have reports made again. Repeating it succeeds.")
    async def resume_subscription(
        self,
        info: Info,
        input: SubscriptionInput,  # noqa: A002 - the same
    ) -> ChangeSubscriptionResult:
        """Set the state."""
        return await _change(info, str(input.id), status="active")

    @strawberry.mutation(
        description="Unsubscribe, and cancel the reports that have not been sent. "
        "It stays visible as `UNSUBSCRIBED`. Repeating it succeeds."
    )
    async def delete_subscription(
        self,
        info: Info,
        input: SubscriptionInput,  # noqa: A002 - the same
    ) -> ChangeSubscriptionResult:
        """Set the state."""
        return await _change(info, str(input.id), status="unsubscribed")
