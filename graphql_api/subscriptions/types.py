"""What GraphQL tells of a subscription."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from graphql_api.context import Info
from graphql_api.node import Node
from trial_reports.subscriptions import models

if TYPE_CHECKING:
    from graphql_api.jobs.types import Job


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


@strawberry.type(description="What a subscriber wants in the report.")
class ReportFilters:
    """The filters as they are stored."""

    date_range: DateRange
    file_types: list[FileType] | None = strawberry.field(
        description="`null` means all files, an empty list means none."
    )

    @classmethod
    def of(cls, stored: models.Filters) -> "ReportFilters":
        """Return what the API tells of filters."""
        types = stored.file_types
        return cls(
            date_range=DateRange(stored.date_range),
            file_types=None if types is None else [FileType(t) for t in types],
        )


@strawberry.type(description="A study, as its participants know it.")
class Study:
    """A clinical trial."""

    id: strawberry.ID
    title: str


@strawberry.type(description="A person's wish for the reports of a study.")
class ReportSubscription(Node):
    """A subscription."""

    study_id: strawberry.ID
    site_id: strawberry.ID | None = strawberry.field(
        description="Where the person took part when they subscribed."
    )
    user_id: strawberry.ID
    report_type: ReportType
    status: SubscriptionStatus
    disabled_reason: str | None = strawberry.field(
        description="Why it was stopped, as a code: `mail_bounced`, `mail_complained`."
    )
    filters: ReportFilters
    time_zone: str = strawberry.field(description="IANA name; weeks are counted in it.")
    next_run: datetime | None = strawberry.field(
        description="When the next report is begun; `null` unless active."
    )
    revision: int = strawberry.field(description="Grows with every change.")
    created_at: datetime
    updated_at: datetime

    @strawberry.field(description="`null` if the study is gone.")
    async def study(self, info: Info) -> Study | None:
        """Read it with those of all subscriptions of the answer."""
        found = await info.context.loaders.study.load(str(self.study_id))
        return None if found is None else Study(id=self.study_id, title=found.title)

    @strawberry.field(description="Of the newest week that has one.")
    async def latest_job(
        self, info: Info
    ) -> Annotated["Job", strawberry.lazy("graphql_api.jobs.types")] | None:
        """Read it with those of all subscriptions of the answer."""
        from graphql_api.jobs.types import Job  # noqa: PLC0415 - the two know each other

        found = await info.context.loaders.latest_job.load(str(self.id))
        return None if found is None else Job.of(found)

    @classmethod
    def of(cls, stored: models.ReportSubscription) -> "ReportSubscription":
        """Return what the API tells of a stored subscription."""
        site = stored.site_id
        return cls(
            id=strawberry.ID(stored.id),
            study_id=strawberry.ID(stored.study_id),
            site_id=None if site is None else strawberry.ID(site),
            user_id=strawberry.ID(stored.user_id),
            report_type=ReportType(stored.report_type),
            status=SubscriptionStatus(stored.status),
            disabled_reason=stored.disabled_reason,
            filters=ReportFilters.of(stored.filters),
            time_zone=stored.time_zone,
            next_run=stored.next_run if stored.status == "active" else None,
            revision=stored.revision,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )
