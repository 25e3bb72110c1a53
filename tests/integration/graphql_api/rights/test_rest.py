"""Who may do what through REST: every route, every role, everybody's rows."""

import pytest

from graphql_api.app import create_app
from tests.integration.graphql_api.client import ApiClient, signed
from tests.integration.graphql_api.rights.matrix import Matrix
from tests.integration.graphql_api.rights.routes import ELSEWHERE, ROUTES
from tests.integration.graphql_api.rights.world import Place, World
from tests.integration.graphql_api.rows import Rows
from trial_reports.settings import Settings
from trial_reports.users.models import User

_OUTCOMES = {
    200: "allowed",
    204: "allowed",
    403: "NotPermittedError",
    404: "NotFoundError",
}


def test_every_route_of_the_description_has_its_rule() -> None:
    described = {
        (method.upper(), path)
        for path, methods in create_app(Settings(environment="test"))
        .openapi()["paths"]
        .items()
        for method in methods
    }

    assert described == set(ROUTES) | ELSEWHERE


@pytest.mark.parametrize("name", ROUTES, ids=" ".join)
def test_everybody_gets_what_the_table_says_and_nothing_more(
    api: ApiClient, database: Rows, world: World, name: tuple[str, str]
) -> None:
    route, method = ROUTES[name], name[0]

    def ask(user: User, place: Place) -> tuple[str, object]:
        answer = api.request(
            method,
            route.path(place),
            headers=signed(user),
            json=route.body(place),
        )
        told = answer.json() | {"requestId": None} if answer.content else None
        return _OUTCOMES[answer.status_code], told

    matrix = Matrix(database, world, ask)

    assert matrix.outcomes == route.outcomes
    matrix.assert_refusals_are_complete(are_noted=route.is_noted)
