"""Who may do what through GraphQL: every operation, every role, everybody's rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import GraphQLObjectType

from graphql_api.schema import build_schema
from tests.integration.graphql_api.client import TOKENS, ApiClient
from tests.integration.graphql_api.rights.answers import outcome_of
from tests.integration.graphql_api.rights.operations import OPERATIONS, Operation
from tests.integration.graphql_api.rights.world import (
    ROLES,
    WHOSE,
    Place,
    Role,
    Whose,
    World,
)
from tests.integration.graphql_api.rows import Rows, everything_in, put_back, without
from trial_reports.users.models import User

BY_POST = {
    name: operation
    for name, operation in OPERATIONS.items()
    if not name.startswith("Subscription.")
}


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


@dataclass
class Matrix:
    """Asks one operation for people of every role."""

    api: ApiClient
    database: Rows
    world: World
    operation: Operation

    def __post_init__(self) -> None:
        self.begin = everything_in(self.database)
        self.outcomes: dict[tuple[Role, Whose], str] = {}
        self.contents: dict[tuple[Role, Whose], bytes] = {}
        self.changed: list[tuple[Role, Whose]] = []
        self.noted: dict[tuple[Role, Whose], list[dict[str, Any]]] = {}

    def ask(self, role: Role, whose: Whose) -> None:
        """Ask, note what came of it, and undo it."""
        place, cell = self.world.place(role, whose), (role, whose)
        content = self._post(self.world.user(role), place)
        after = everything_in(self.database)
        self.contents[cell] = content
        self.outcomes[cell] = outcome_of(content, place)
        self.noted[cell] = after["audit_events"]
        if without(after, "audit_events") != without(self.begin, "audit_events"):
            self.changed.append(cell)
        put_back(self.database, self.begin)

    def refused(self) -> list[tuple[Role, Whose]]:
        return [cell for cell, it in self.outcomes.items() if it != "allowed"]

    def _post(self, user: User, place: Place) -> bytes:
        answer = self.api.post(
            "/graphql",
            headers={"Authorization": f"Bearer {_token(user)}"},
            json={
                "query": self.operation.document,
                "variables": self.operation.variables(place),
            },
        )
        assert answer.status_code == 200, answer.text
        return answer.content


def _token(user: User) -> str:
    return TOKENS.issue(user.id, datetime.now(UTC))


@pytest.mark.parametrize("name", BY_POST)
def test_everybody_gets_what_the_table_says_and_nothing_more(
    api: ApiClient, database: Rows, world: World, name: str
) -> None:
    operation = BY_POST[name]
    matrix = Matrix(api, database, world, operation)
    for role in ROLES:
        for whose in WHOSE:
            matrix.ask(role, whose)

    assert matrix.outcomes == operation.outcomes
    refused = matrix.refused()
    assert [cell for cell in matrix.changed if cell in refused] == []
    for role, whose in refused:
        _assert_nothing_is_given_away(matrix, role, whose)
        _assert_it_is_noted(matrix, role, whose)


def _assert_nothing_is_given_away(matrix: Matrix, role: Role, whose: Whose) -> None:
    """What may not be seen is answered like what is missing, byte for byte."""
    if matrix.outcomes[role, whose] in ("NotFoundError", "null", "empty"):
        assert matrix.contents[role, whose] == matrix.contents[role, "missing"]


def _assert_it_is_noted(matrix: Matrix, role: Role, whose: Whose) -> None:
    """A refusal of something that exists is an audit event; what is missing is none."""
    place, events = matrix.world.place(role, whose), matrix.noted[role, whose]
    is_refusal = matrix.outcomes[role, whose] in (
        "NotFoundError",
        "NotPermittedError",
        "null",
    )
    if not (is_refusal and place.exists and matrix.operation.is_noted):
        assert events == [], (role, whose)
        return
    (event,) = events
    assert event["action"] == "deny"
    assert event["actor"] == matrix.world.user(role).id
    asked = {place.subscription_id, place.job_id, place.study_id}
    assert event["subject"] in asked
