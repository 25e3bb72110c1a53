"""Who may follow a job over a socket."""

import json
from typing import Any

from tests.integration.graphql_api.live import LiveApi
from tests.integration.graphql_api.rights.answers import outcome_of
from tests.integration.graphql_api.rights.matrix import Matrix
from tests.integration.graphql_api.rights.operations import OPERATIONS
from tests.integration.graphql_api.rights.world import Place, World
from tests.integration.graphql_api.rows import Rows
from trial_reports.users.models import User


def test_everybody_follows_what_the_table_says_and_nothing_more(
    live: LiveApi, database: Rows, world: World
) -> None:
    operation = OPERATIONS["Subscription.jobStatus"]

    def ask(user: User, place: Place) -> tuple[str, object]:
        with live.signed_in(user) as socket:
            socket.ask(operation.document, **operation.variables(place))
            told: list[dict[str, Any]] = [socket.receive(), socket.receive()]
        assert [message["type"] for message in told] == ["next", "complete"]
        return outcome_of(json.dumps(told[0]["payload"]).encode(), place), told

    matrix = Matrix(database, world, ask)

    assert matrix.outcomes == operation.outcomes
    matrix.assert_refusals_are_complete(are_noted=operation.is_noted)
