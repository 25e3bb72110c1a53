"""What resolvers know about the request: who, when, and the services."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cached_property, partial
from typing import Annotated, Any, TypeAlias, TypeVar

import strawberry
from anyio.to_thread import run_sync
from fastapi import Depends
from starlette.requests import HTTPConnection
from strawberry.fastapi import BaseContext

from graphql_api.loaders import Loaders
from graphql_api.services import Services
from graphql_api.web.dependencies import TheServices
from trial_reports.access.caller import Caller
from trial_reports.access.scope import Scope
from trial_reports.users.models import User

T = TypeVar("T")


class Context(BaseContext):
    """The request's own facts.

    Args:
        user: Who is asking.
        now: The time of the request, UTC.
        services: The library; it blocks, so `ask` it.
    """

    def __init__(self, user: User, now: datetime, services: Services) -> None:
        super().__init__()
        self.user = user
        self.now = now
        self.services = services

    @cached_property
    def caller(self) -> Caller:
        """The user, with what their memberships allow."""
        return Caller.of(self.user)

    @cached_property
    def scope(self) -> Scope:
        """The subscriptions and jobs that the user may see."""
        return self.caller.scope(self.now)

    @cached_property
    def loaders(self) -> Loaders:
        """What many nodes of one answer need, read at once."""
        return Loaders(self.services, self.user, self.scope, self.now)

    async def ask(self, read: Callable[..., T], *asked: Any, **named: Any) -> T:
        """Return what the library answers, without blocking others meanwhile."""
        return await run_sync(partial(read, *asked, **named))


Info: TypeAlias = strawberry.Info[Context, None]


def context_getter(
    user_of: Callable[[HTTPConnection, TheServices], User],
) -> Callable[..., Awaitable[Context]]:
    """Return what makes the context, after the caller is known.

    Args:
        user_of: Finds the user or refuses the request.
    """

    async def make(
        user: Annotated[User, Depends(user_of)], services: TheServices
    ) -> Context:
        return Context(user, services.clock(), services)

    return make
