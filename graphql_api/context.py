"""What resolvers know about the request: who, when, and the services."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from fastapi import Depends
from starlette.requests import HTTPConnection
from strawberry.fastapi import BaseContext

from graphql_api.services import Services
from graphql_api.web.dependencies import Now, TheServices
from trial_reports.access.caller import Caller
from trial_reports.access.scope import Scope
from trial_reports.users.models import User


class Context(BaseContext):
    """The request's own facts.

    Args:
        user: Who is asking.
        now: The time of the request, UTC.
        services: The library; it blocks, so call it in a thread.
    """

    def __init__(self, user: User, now: datetime, services: Services) -> None:
        super().__init__()
        self.user = user
        self.now = now
        self.services = services

    @property
    def caller(self) -> Caller:
        """The user, with what their memberships allow."""
        return Caller.of(self.user)

    @property
    def scope(self) -> Scope:
        """The subscriptions and jobs that the user may see."""
        return self.caller.scope(self.now)


Info: TypeAlias = strawberry.Info[Context, None]


def context_getter(
    user_of: Callable[[HTTPConnection, TheServices], User],
) -> Callable[..., Awaitable[Context]]:
    """Return what makes the context, after the caller is known.

    Args:
        user_of: Finds the user or refuses the request.
    """

    async def make(
        user: Annotated[User, Depends(user_of)], now: Now, services: TheServices
    ) -> Context:
        return Context(user, now, services)

    return make
