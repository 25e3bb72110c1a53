"""Asking for a report, and opening a participant's."""

from typing import Annotated

import strawberry
from pydantic import Field

from graphql_api.context import Info
from graphql_api.errors import Refusal
from graphql_api.inputs import Id, Input, Period, Reason
from graphql_api.jobs.types import Job
from graphql_api.web.logs import request_id


@strawberry.pydantic.input
class RequestReportInput(Input):
    """Whose report, and of which week."""

    subscription_id: Id
    period: Period | None = Field(
        None,
        description="An ISO week such as `2026-W47`; without it the last one that "
        "has ended.",
    )


@strawberry.pydantic.input
class OpenReportInput(Input):
    """Which report, and what for."""

    job_id: Id
    purpose: Reason = Field(description="What for, for the audit. Nobody's name.")


@strawberry.type
class RequestReportSuccess:
    """The week's one job."""

    job: Job
    created: bool = strawberry.field(
        description="False if there was one already; it is returned as it is."
    )


@strawberry.type
class OpenReportSuccess:
    """A download."""

    url: str = strawberry.field(description="Works for a minute or so.")


RequestReportResult = Annotated[
    RequestReportSuccess | Refusal, strawberry.union("RequestReportResult")
]
OpenReportResult = Annotated[
    OpenReportSuccess | Refusal, strawberry.union("OpenReportResult")
]


@strawberry.type
class JobMutations:
    """What people can ask for."""

    @strawberry.mutation(
        description="Have a week's report made, unless there is a job for it already. "
        "One new job a day."
    )
    async def request_report(
        self,
        info: Info,
        input: RequestReportInput,  # noqa: A002 - GraphQL's name
    ) -> RequestReportResult:
        """Ask the library, which knows what can be asked for."""
        context, services = info.context, info.context.services
        own = services.door.own_subscription
        subscription = await context.enter(own, str(input.subscription_id))
        job, created = await context.ask(
            services.requesting.request_report,
            subscription,
            context.user,
            input.period,
            now=context.now,
            correlation_id=request_id.get(),
        )
        return RequestReportSuccess(job=Job.of(job), created=created)

    @strawberry.mutation(
        description="Open a participant's report as their coordinator, if the study "
        "allows that. It is written down who did, when and what for."
    )
    async def open_report(
        self,
        info: Info,
        input: OpenReportInput,  # noqa: A002 - the same
    ) -> OpenReportResult:
        """Ask the library, which writes it down."""
        context, services = info.context, info.context.services
        theirs = services.door.report_for_coordinator
        job = await context.enter(theirs, str(input.job_id))
        return OpenReportSuccess(
            url=await context.ask(
                services.opening.for_coordinator,
                job,
                context.caller,
                input.purpose,
                context.now,
            )
        )
