"""Asking how reports are coming along, and where they are."""

from typing import Annotated

import strawberry
from pydantic import Field

from graphql_api.connections import After, Connection, First, page_of
from graphql_api.context import Info
from graphql_api.errors import NotFoundError
from graphql_api.inputs import Id, Input, Period
from graphql_api.jobs.enums import JobStatus
from graphql_api.jobs.types import Job
from trial_reports.jobs.visible import JobFilter

JobResult = Annotated[Job | NotFoundError, strawberry.union("JobResult")]


@strawberry.pydantic.input(description="Which jobs are meant.")
class JobsFilter(Input):
    """Everything that is given has to be true."""

    study_id: Id | None = None
    subscription_id: Id | None = None
    status: JobStatus | None = None
    period: Period | None = Field(None, description="An ISO week such as `2026-W47`.")

    def to_filter(self) -> JobFilter:
        """Return it as the library knows it."""
        return JobFilter(**self.model_dump(mode="json"))


@strawberry.type
class JobQueries:
    """What can be asked about jobs."""

    @strawberry.field(description="One that the person asking may see.")
    async def job(self, info: Info, id: strawberry.ID) -> JobResult:  # noqa: A002 - GraphQL's name
        """Find it, or refuse."""
        context = info.context
        return Job.of(await context.enter(context.services.door.job, str(id)))

    @strawberry.field(
        description="Those of the subscriptions that the person asking may see. "
        "The newest first."
    )
    async def jobs(
        self,
        info: Info,
        filter: JobsFilter | None = None,  # noqa: A002 - GraphQL's name
        first: First = 20,
        after: After = None,
    ) -> Connection[Job]:
        """Return a page of them."""
        context = info.context
        return await page_of(
            info,
            context.services.visible_jobs.page,
            context.scope,
            (filter or JobsFilter()).to_filter(),
            node=Job.of,
            cursor=lambda row: row.id,
            after=after,
            first=first,
        )
