"""The GraphQL schema; ``python -m graphql_api.schema`` prints it."""

import sys
from datetime import datetime
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import (
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from graphql_api.errors import InvalidInputs, Refusals
from graphql_api.explaining import ExplainingQueries
from graphql_api.extensions import is_unexpected, operation_extensions
from graphql_api.jobs.following import JobSubscriptions
from graphql_api.jobs.mutations import JobMutations
from graphql_api.jobs.queries import JobQueries
from graphql_api.node_query import NodeQueries
from graphql_api.operators.delivery import DeliveryDecisions
from graphql_api.operators.jobs import JobDecisions
from graphql_api.operators.queries import OperatorQueries
from graphql_api.scalars import INSTANT
from graphql_api.subscriptions.mutations import SubscriptionMutations
from graphql_api.subscriptions.queries import SubscriptionQueries
from graphql_api.viewer import ViewerQueries
from graphql_api.web.logs import log_failure


@strawberry.type
class Query(
    ViewerQueries,
    NodeQueries,
    SubscriptionQueries,
    JobQueries,
    ExplainingQueries,
    OperatorQueries,
):
    """Everything that can be asked."""


@strawberry.type
class Mutation(SubscriptionMutations, JobMutations, JobDecisions, DeliveryDecisions):
    """Everything that can be done."""


@strawberry.type
class Subscription(JobSubscriptions):
    """Everything that can be followed."""


class Schema(strawberry.Schema):
    """Logs failures by what they are and where, never with their text."""

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - Strawberry's signature
    ) -> None:
        """Log the failures among the errors; a request's own mistakes are not news."""
        for error in errors:
            if error.original_error is not None and is_unexpected(error):
                log_failure(error.original_error)

    async def execute(
        self, query: str | None, *args: Any, **named: Any
    ) -> ExecutionResult:
        """Serve a POST; which operation is meant is a question of GraphQL, not of HTTP.

        Strawberry would answer it with a text that is no GraphQL response.
        """
        named["allowed_operation_types"] = (OperationType.QUERY, OperationType.MUTATION)
        try:
            return await super().execute(query, *args, **named)
        except CannotGetOperationTypeError:
            return _refused("The document holds no operation of that name.")
        except InvalidOperationTypeError:
            return _refused("Subscriptions are served by sockets only.")

    async def stream(self, query: str | None, *args: Any, **named: Any) -> StreamResult:
        """Serve a socket, which is for following only.

        Queries and mutations go by POST, where each is signed and counted.
        """
        named["allowed_operation_types"] = (OperationType.SUBSCRIPTION,)
        return await super().stream(query, *args, **named)


def _refused(message: str) -> ExecutionResult:
    return PreExecutionError(data=None, errors=[GraphQLError(message)])


def build_schema(*, introspection: bool) -> Schema:
    """Return the schema with its limits.

    Args:
        introspection: Whether clients may ask for it; off in production.
    """
    return Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(
            disable_field_suggestions=True,
            scalar_map={datetime: INSTANT},
        ),
        exception_handlers=[Refusals(), InvalidInputs()],
        extensions=operation_extensions(introspection=introspection),
    )


if __name__ == "__main__":
    sys.stdout.write(f"{build_schema(introspection=True).as_str()}\n")
