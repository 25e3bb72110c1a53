"""``node``: anything by its id."""

import strawberry

from graphql_api.context import Info
from graphql_api.jobs.types import Job
from graphql_api.node import Node
from graphql_api.subscriptions.types import ReportSubscription
from trial_reports.errors import RequestError


@strawberry.type
class NodeQueries:
    """What Relay asks for."""

    @strawberry.field(
        description="A subscription or job that the person asking may see, by its id; "
        "`null` for anything else."
    )
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002 - GraphQL's name
        """Find it by what its prefix says it is."""
        context, door = info.context, info.context.services.door
        try:
            if id.startswith("sub_"):
                found = await context.enter(door.subscription, str(id))
                return ReportSubscription.of(found)
            if id.startswith("job_"):
                return Job.of(await context.enter(door.job, str(id)))
        except RequestError:
            return None
        return None
