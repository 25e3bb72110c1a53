"""What clients send about subscriptions."""

from typing import Annotated

import strawberry
from pydantic import Field

from graphql_api.inputs import Id, Input
from graphql_api.jobs.enums import DeliveryStatus
from graphql_api.subscriptions.types import (
    DateRange,
    FileType,
    SubscriptionStatus,
)
from trial_reports.subscriptions.models import Filters
from trial_reports.subscriptions.visible import SubscriptionFilter

FileTypes = Annotated[list[FileType] | None, Field(max_length=20)]


@strawberry.pydantic.input(description="What a subscriber wants in the report.")
class ReportFiltersInput(Input):
    """The filters as they are asked for; what is left out stays as it is.

    They have no default in the schema: it would count as asked for.
    """

    date_range: strawberry.Maybe[DateRange] = Field(
        description="`LAST_WEEK` for a new subscription, if left out."
    )
    file_types: strawberry.Maybe[FileTypes] = Field(
        description="`null` means all files, an empty list means none."
    )

    def to_filters(self) -> Filters:
        """Return them as the library knows them, as far as they were given."""
        return Filters.model_validate(self.model_dump(mode="json", exclude_unset=True))


@strawberry.pydantic.input
class CreateSubscriptionInput(Input):
    """A wish for the weekly report."""

    study_id: Id
    filters: ReportFiltersInput | None = Field(
        None, description="Without them: the last week, all files."
    )


@strawberry.pydantic.input
class UpdateSubscriptionInput(Input):
    """A change of a subscription."""

    id: Id
    filters: ReportFiltersInput = Field(description="What is left out stays as it is.")
    expected_revision: int | None = Field(
        None,
        description="The revision that the change is based on; another one is a "
        "conflict. Without it whatever is there is changed.",
    )


@strawberry.pydantic.input
class SubscriptionInput(Input):
    """The subscription that is meant."""

    id: Id


@strawberry.pydantic.input(description="Which subscriptions are meant.")
class SubscriptionsFilter(Input):
    """Everything that is given has to be true."""

    study_id: Id | None = None
    site_id: Id | None = None
    status: SubscriptionStatus | None = None
    delivery_status: DeliveryStatus | None = Field(
        None, description="Of the present mail about the newest job."
    )

    def to_filter(self) -> SubscriptionFilter:
        """Return it as the library knows it."""
        return SubscriptionFilter(**self.model_dump(mode="json"))
