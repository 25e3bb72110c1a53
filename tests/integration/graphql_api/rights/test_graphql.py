"""Who may do what through GraphQL: every operation, every role, everybody's rows."""

import pytest
from graphql import GraphQLObjectType

from graphql_api.schema import build_schema
from tests.integration.graphql_api.client import ApiClient, signed
from tests.integration.graphql_api.rights.answers import outcome_of
from tests.integration.graphql_api.rights.matrix import Matrix
from tests.integration.graphql_api.rights.operations import OPERATIONS
from tests.integration.graphql_api.rights.world import Place, World
from tests.integration.graphql_api.rows import Rows
from trial_reports.users.models import User

FOLLOWED = "Subscription.jobStatus"


def _operations_of_the_schema() -> set[str]:
    served = build_schema(introspection=True)._schema  # noqa: SLF001 - the only way to its types
    roots = (served.query_type, served.mutation_type, served.subscription_type)
    return {
        f"{root.name}.{field}"
        for root in roots
        if isinstance(root, GraphQLObjectType)
        for field in root.fields
    }


def test_every_operation_of_the_schema_has_its_rule() -> None:
    assert _operations_of_the_schema() == set(OPERATIONS)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != FOLLOWED])
def test_everybody_gets_what_the_table_says_and_nothing_more(
    api: ApiClient, database: Rows, world: World, name: str
) -> None:
    operation = OPERATIONS[name]

    def ask(user: User, place: Place) -> tuple[str, object]:
        answer = api.post(
            "/graphql",
            headers=signed(user),
            json={
                "query": operation.document,
                "variables": operation.variables(place),
            },
        )
        assert answer.status_code == 200, answer.text
        return outcome_of(answer.content, place), answer.content

    matrix = Matrix(database, world, ask)

    assert matrix.outcomes == operation.outcomes
    matrix.assert_refusals_are_complete(are_noted=operation.is_noted)
