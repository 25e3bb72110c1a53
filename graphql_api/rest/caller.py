"""Who is asking, for the routes of the contract."""

from collections.abc import Callable
from typing import Annotated, cast

from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection

from graphql_api.web.dependencies import TheServices
from trial_reports.users.models import User

UserOf = Callable[[HTTPConnection, TheServices], User]
"""Finds who signed a request, or refuses it."""

# Only describes the token in the API's description; `UserOf` checks it.
_described = HTTPBearer(auto_error=False, description="As for GraphQL.")


def _caller(
    connection: HTTPConnection,
    services: TheServices,
    _token: Annotated[object, Security(_described)],
) -> User:
    return cast("UserOf", connection.app.state.user_of)(connection, services)


SignedIn = Annotated[User, Depends(_caller)]
"""The person whose token the request carries."""
