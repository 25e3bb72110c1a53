"""Taking a subscription."""

from datetime import datetime
from enum import Enum
from functools import partial
from typing import Annotated

import strawberry
from anyio.to_thread import run_sync

from graphql_api.context import Info
from graphql_api.errors import Error, ErrorCode, NotAllowedError, NotFoundError
from trial_reports.subscriptions import models
from trial_reports.subscriptions.conflicts import SubscriptionConflict
from trial_reports.subscriptions.subscribing import subscribe


@strawberry.enum(description="The whole weeks a report covers, ending with its period.")
class DateRange(Enum):
    """The library's date ranges."""

    LAST_WEEK = "last_week"
    LAST_2_WEEKS = "last_2_weeks"
    LAST_4_WEEKS = "last_4_weeks"


@strawberry.enum(description="A kind of file that can be part of a report.")
class FileType(Enum):
    """The library's file types."""

    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TXT = "txt"


@strawberry.enum
class ReportType(Enum):
    """The library's report types."""

    WEEKLY = "weekly"


@strawberry.enum
class SubscriptionStatus(Enum):
    """The library's states of a subscription."""

    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"
    DISABLED = "disabled"


@strawberry.input(description="What a subscriber wants in the report.")
class ReportFiltersInput:
    """The filters as they are asked for."""

    date_range: DateRange = DateRange.LAST_WEEK
    file_types: list[FileType] | None = strawberry.field(
        default=None, description="`null` means all files, an empty list means none."
    )

    def to_filters(self) -> models.Filters:
        """Return them as the library knows them."""
        types = self.file_types
        return models.Filters.model_validate(
            {
                "date_range": self.date_range.value,
                "file_types": types and [t.value for t in types],
            }
        )


@strawberry.input
class CreateSubscriptionInput:
    """What is asked for."""

    study_id: strawberry.ID
    filters: ReportFiltersInput | None = strawberry.field(
        default=None, description="Without them: the last week, all files."
    )


@strawberry.type(description="What a subscriber wants in the report.")
class ReportFilters:
    """The filters as they are stored."""

    date_range: DateRange
    file_types: list[FileType] | None = strawberry.field(
        description="`null` means all files, an empty list means none."
    )


@strawberry.type(description="A person's wish for the reports of a study.")
class ReportSubscription:
    """A subscription."""

    id: strawberry.ID
    study_id: strawberry.ID
    report_type: ReportType
    status: SubscriptionStatus
    filters: ReportFilters
    time_zone: str = strawberry.field(description="IANA name; weeks are counted in it.")
    next_run: datetime = strawberry.field(description="When the next report is begun.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, stored: models.ReportSubscription) -> "ReportSubscription":
        """Return what the API tells of a stored subscription."""
        types = stored.filters.file_types
        return cls(
            id=strawberry.ID(stored.id),
            study_id=strawberry.ID(stored.study_id),
            report_type=ReportType(stored.report_type),
            status=SubscriptionStatus(stored.status),
            filters=ReportFilters(
                date_range=DateRange(stored.filters.date_range),
                file_types=None if types is None else [FileType(t) for t in types],
            ),
            time_zone=stored.time_zone,
            next_run=stored.next_run,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )


@strawberry.type
class CreateSubscriptionSuccess:
    """The subscription that is open now."""

    subscription: ReportSubscription
    created: bool = strawberry.field(
        description="False if it was there already; it is returned unchanged."
    )


@strawberry.type(description="Something else was wished for before.")
class ConflictError(Error):
    """The subscription that is in the way, so that one can go on from it."""

    subscription: ReportSubscription = strawberry.field(
        description="As it is; it was left unchanged."
    )

    @classmethod
    def of(cls, conflict: SubscriptionConflict) -> "ConflictError":
        """Return what the API tells of a conflict."""
        return cls(
            message=conflict.message,
            code=ErrorCode(conflict.code),
            subscription=ReportSubscription.of(conflict.subscription),
        )


CreateSubscriptionResult = Annotated[
    CreateSubscriptionSuccess | ConflictError | NotFoundError | NotAllowedError,
    strawberry.union("CreateSubscriptionResult"),
]


async def create_subscription(
    info: Info,
    wanted: Annotated[CreateSubscriptionInput, strawberry.argument(name="input")],
) -> CreateSubscriptionResult:
    """Ask the library, which knows who may."""
    services = info.context.services
    filters = wanted.filters or ReportFiltersInput()
    take = partial(
        subscribe,
        info.context.user,
        str(wanted.study_id),
        filters.to_filters(),
        studies=services.studies,
        subscriptions=services.subscriptions,
        schedule=services.schedule,
        now=info.context.now,
    )
    try:
        stored, created = await run_sync(take)
    except SubscriptionConflict as conflict:
        return ConflictError.of(conflict)
    return CreateSubscriptionSuccess(
        subscription=ReportSubscription.of(stored), created=created
    )


@strawberry.type
class SubscriptionMutations:
    """What a person can do about their subscriptions."""

    create_subscription: CreateSubscriptionResult = strawberry.mutation(
        resolver=create_subscription,
        description="Subscribe to the weekly report of a study one takes part in. "
        "Repeating it returns the open subscription; with other filters it is a "
        "conflict.",
    )
