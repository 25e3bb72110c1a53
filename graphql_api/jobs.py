"""Asking how a report is coming along, and where it is."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry
from anyio.to_thread import run_sync

from graphql_api.context import Info
from trial_reports.jobs import models
from trial_reports.periods.models import ReportingPeriod


@strawberry.enum
class JobStatus(Enum):
    """The library's states of a job."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.type(description="The week, Monday to Sunday, that a report is about.")
class Period:
    """A local ISO week."""

    key: str = strawberry.field(description="ISO 8601 week, such as `2026-W47`.")
    first_day: date
    last_day: date
    time_zone: str = strawberry.field(description="IANA name.")

    @classmethod
    def of(cls, period: ReportingPeriod) -> "Period":
        """Return what the API tells of a period."""
        return cls(
            key=period.key,
            first_day=date.fromisoformat(period.first_day),
            last_day=date.fromisoformat(period.last_day),
            time_zone=period.time_zone,
        )


@strawberry.type(description="Why a job failed or was cancelled.")
class JobError:
    """A stable code, and a sentence without personal data."""

    code: str
    message: str


async def mint_report_url(info: Info, job: strawberry.Parent["Job"]) -> str | None:
    """Mint a URL, after the library has checked the reader's rights."""
    context = info.context
    mint = context.services.opening.for_reader
    return await run_sync(mint, context.user, job.stored, context.now)


@strawberry.type(description="One subscription's report for one period.")
class Job:
    """A job, as its reader sees it."""

    stored: strawberry.Private[models.Job]
    id: strawberry.ID
    subscription_id: strawberry.ID
    status: JobStatus
    period: Period
    created_at: datetime
    completed_at: datetime | None
    error: JobError | None
    report_url: str | None = strawberry.field(
        resolver=mint_report_url,
        description="A download of the PDF that works for a short time; made when "
        "it is asked for. `null` without a report, or after leaving the study.",
    )

    @classmethod
    def of(cls, stored: models.Job) -> "Job":
        """Return what the API tells of a stored job."""
        error = stored.error
        return cls(
            stored=stored,
            id=strawberry.ID(stored.id),
            subscription_id=strawberry.ID(stored.subscription_id),
            status=JobStatus(stored.status),
            period=Period.of(stored.period),
            created_at=stored.created_at,
            completed_at=stored.completed_at,
            error=JobError(code=error.code, message=error.message) if error else None,
        )


async def find_job(
    info: Info, job_id: Annotated[strawberry.ID, strawberry.argument(name="id")]
) -> Job | None:
    """Find a job of the caller."""
    context = info.context
    find = context.services.jobs.find_own
    stored = await run_sync(find, str(job_id), context.user.id)
    return Job.of(stored) if stored else None


@strawberry.type
class JobQueries:
    """What a person can ask about their reports."""

    job: Job | None = strawberry.field(
        resolver=find_job,
        description="One of the caller's own jobs, `null` for any other.",
    )
