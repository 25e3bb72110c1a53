"""What GraphQL tells of a job."""

from datetime import date, datetime, timedelta

import strawberry

from graphql_api.context import Info
from graphql_api.jobs.enums import DeliveryStatus, JobStatus
from graphql_api.node import Node
from graphql_api.subscriptions.types import ReportSubscription
from trial_reports.delivery import models as delivery_models
from trial_reports.jobs import models
from trial_reports.periods.models import ReportingPeriod


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


@strawberry.type(description="A PDF that the person asking may read.")
class Report:
    """The last good PDF of a job."""

    stored: strawberry.Private[models.Job]
    pages: int
    size_bytes: int
    made_at: datetime
    url_expires_at: datetime

    @strawberry.field(
        description="A download that works until `urlExpiresAt` for whoever has it. "
        "Made when it is asked for."
    )
    async def url(self, info: Info) -> str:
        """Sign it."""
        return await info.context.ask(info.context.services.opening.mint, self.stored)

    @classmethod
    def of(cls, job: models.Job, info: Info) -> "Report | None":
        """Return what the API tells of a report, ``None`` where there is none."""
        if job.report is None:
            return None
        valid = timedelta(seconds=info.context.services.opening.url_seconds)
        return cls(
            stored=job,
            pages=job.report.pages,
            size_bytes=job.report.artifact.size,
            made_at=job.report.made_at,
            url_expires_at=info.context.now + valid,
        )


@strawberry.type(description="What became of the mail.")
class Delivery:
    """The present send of a job."""

    status: DeliveryStatus
    updated_at: datetime

    @classmethod
    def of(cls, stored: delivery_models.Delivery) -> "Delivery":
        """Return what the API tells of a delivery."""
        return cls(
            status=DeliveryStatus(stored.status),
            updated_at=stored.settled_at or stored.claim.at,
        )


@strawberry.type(description="Where a job is worked on, for operators.")
class JobRun:
    """An Airflow DAG run, and the job's mapped tasks in it."""

    dag_run_id: str
    map_index: int | None
    url: str | None = strawberry.field(
        description="The run in Airflow, if the API knows where that is."
    )


@strawberry.type(description="One subscription's report for one period.")
class Job(Node):
    """A job, as somebody who may see it sees it."""

    stored: strawberry.Private[models.Job]
    subscription_id: strawberry.ID
    study_id: strawberry.ID
    status: JobStatus
    period: Period
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    error: JobError | None

    @strawberry.field
    async def subscription(self, info: Info) -> ReportSubscription | None:
        """Read it with those of all jobs of the answer."""
        load = info.context.loaders.subscription.load
        found = await load(self.stored.subscription_id)
        return None if found is None else ReportSubscription.of(found)

    @strawberry.field(
        description="The last good PDF, whatever the job's status. `null` without one, "
        "for anybody but its reader, after leaving the study and after a recall."
    )
    async def report(self, info: Info) -> Report | None:
        """Return it to its reader."""
        is_readable = await info.context.loaders.is_readable.load(self.stored)
        return Report.of(self.stored, info) if is_readable else None

    @strawberry.field(
        description="The same as `report { url }`, once the job is completed."
    )
    async def report_url(self, info: Info) -> str | None:
        """Mint a URL for the reader, with those of all jobs of the answer."""
        if self.status is not JobStatus.COMPLETED:
            return None
        return await info.context.loaders.report_url.load(self.stored)

    @strawberry.field(description="`null` until the mail is being sent.")
    async def delivery(self, info: Info) -> Delivery | None:
        """Read it with those of all jobs of the answer."""
        found = await info.context.loaders.delivery.load(self.stored)
        return None if found is None else Delivery.of(found)

    @strawberry.field(description="For operators; `null` for others and without a run.")
    async def run(self, info: Info) -> JobRun | None:
        """Return where the job is worked on."""
        context, job = info.context, self.stored
        if job.run is None or not context.caller.operates(job.study_id, context.now):
            return None
        return JobRun(
            dag_run_id=job.run,
            map_index=job.batch,
            url=context.services.airflow_run_url(job.run),
        )

    @classmethod
    def of(cls, stored: models.Job) -> "Job":
        """Return what the API tells of a stored job."""
        error = stored.error
        return cls(
            stored=stored,
            id=strawberry.ID(stored.id),
            subscription_id=strawberry.ID(stored.subscription_id),
            study_id=strawberry.ID(stored.study_id),
            status=JobStatus(stored.status),
            period=Period.of(stored.period),
            created_at=stored.created_at,
            updated_at=stored.updated_at,
            completed_at=stored.completed_at,
            error=JobError(code=error.code, message=error.message) if error else None,
        )
