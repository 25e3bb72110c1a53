"""What clients get."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from graphql_api.scalars import write_instant
from trial_reports.jobs.history import JobPage
from trial_reports.jobs.models import Job
from trial_reports.subscriptions.models import (
    DateRange,
    FileType,
    ReportSubscription,
    SubscriptionStatus,
)

Instant = Annotated[
    datetime,
    PlainSerializer(write_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant in UTC, to the second, such as ``2025-01-15T10:30:00Z``."""


class _Answered(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(
        alias_generator=to_camel, frozen=True, populate_by_name=True
    )


class SubscriptionCreated(_Answered):
    """The subscription that is open now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subscriptionId": "abc123", "status": "active"}]
        }
    )

    subscription_id: str
    status: SubscriptionStatus


class FiltersAnswered(_Answered):
    """What a subscriber wants in the report."""

    date_range: DateRange
    file_types: tuple[FileType, ...] | None


class SubscriptionAnswered(_Answered):
    """A whole subscription."""

    subscription_id: str
    user_id: str
    study_id: str
    report_type: Literal["weekly"]
    filters: FiltersAnswered
    status: SubscriptionStatus
    disabled_reason: str | None
    time_zone: str = Field(description="IANA name; weeks are counted in it.")
    next_run: Instant | None = Field(
        description="When the next report is begun; `null` unless active."
    )
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, stored: ReportSubscription) -> Self:
        """Return what the contract tells of a subscription."""
        return cls(
            subscription_id=stored.id,
            user_id=stored.user_id,
            study_id=stored.study_id,
            report_type=stored.report_type,
            filters=FiltersAnswered(
                date_range=stored.filters.date_range,
                file_types=stored.filters.file_types,
            ),
            status=stored.status,
            disabled_reason=stored.disabled_reason,
            time_zone=stored.time_zone,
            next_run=stored.next_run if stored.status == "active" else None,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )


class JobAnswered(_Answered):
    """How one week's report is coming along."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "jobId": "job_789",
                    "subscriptionId": "abc123",
                    "status": "completed",
                    "createdAt": "2025-01-15T10:00:00Z",
                    "completedAt": "2025-01-15T10:30:00Z",
                    "reportUrl": "https://s3.amazonaws.com/...",
                    "error": None,
                }
            ]
        }
    )

    job_id: str
    subscription_id: str
    status: Literal["pending", "processing", "completed", "failed"]
    created_at: Instant
    completed_at: Instant | None
    report_url: str | None = Field(
        description="A download of the PDF that works for a short time. Only when "
        "completed, and while the reader takes part in the study."
    )
    error: str | None = Field(
        description="A code and a sentence; `cancelled: …` is not wanted any more."
    )

    @classmethod
    def of(cls, job: Job, report_url: str | None) -> Self:
        """Return what the contract tells of a job.

        Args:
            job: The job.
            report_url: Where its report is downloaded, if it is completed.
        """
        return cls(
            job_id=job.id,
            subscription_id=job.subscription_id,
            # The contract has no word for a report that is not wanted any more.
            status="failed" if job.status == "cancelled" else job.status,
            created_at=job.created_at,
            completed_at=job.completed_at,
            report_url=report_url,
            error=_error(job),
        )


def _error(job: Job) -> str | None:
    if job.error is None or job.status not in ("failed", "cancelled"):
        return None
    code = "cancelled" if job.status == "cancelled" else job.error.code
    return f"{code}: {job.error.message}"


class JobsAnswered(_Answered):
    """A subscription's jobs, those created last first."""

    jobs: list[JobAnswered]
    next: str | None = Field(description="`after` of the next page, if there is one.")

    @classmethod
    def of(cls, page: JobPage, urls: list[str | None]) -> Self:
        """Return a page.

        Args:
            page: The jobs.
            urls: For each job, where its report is downloaded.
        """
        pairs = zip(page.jobs, urls, strict=True)
        return cls(
            jobs=[JobAnswered.of(job, url) for job, url in pairs], next=page.next
        )
