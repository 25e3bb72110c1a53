"""What resolvers know about the request: who, when, and the services."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Self, TypeAlias, TypeVar

import strawberry
from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection
from strawberry.fastapi import BaseContext

from graphql_api.jobs.watch import JobWatch
from graphql_api.loaders import Loaders
from graphql_api.services import Services
from graphql_api.web.dependencies import TheServices
from trial_reports.access.caller import Caller
from trial_reports.access.scope import Scope
from trial_reports.users.models import User

T = TypeVar("T")


class Context(BaseContext):
    """The facts of a request, or of the moment at which a follower is told something.

    Args:
        services: The library; it blocks, so `ask` it.
        job_watch: Tells when a job has changed.
    """

    user: User
    """Who is asking."""
    now: datetime
    """The time of the request, UTC."""
    expires_at: datetime | None = None
    """When a socket's token expires, UTC."""

    def __init__(self, services: Services, job_watch: JobWatch) -> None:
        super().__init__()
        self.services = services
        self.job_watch = job_watch

    def renew(self, user: User) -> Self:
        """Take a user as they were just read; nothing from before counts any more."""
        self.user, self.now = user, self.services.clock()
        for fact in ("caller", "scope", "loaders"):
            self.__dict__.pop(fact, None)
        return self

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

    async def enter(self, door: Callable[[Caller, str, datetime], T], id_: str) -> T:
        """Return what one of the library's doors lets the person asking have.

        Args:
            door: A method of `Door`.
            id_: What is asked for.

        Raises:
            RequestError: They are not let in.
        """
        return await self.ask(door, self.caller, id_, self.now)

    async def ask(self, read: Callable[..., T], *asked: Any, **named: Any) -> T:
        """Return what the library answers, without blocking others meanwhile."""
        return await run_sync(partial(read, *asked, **named))


Info: TypeAlias = strawberry.Info[Context, None]


def context_getter(
    user_of: Callable[[HTTPConnection, Services], User],
) -> Callable[..., Awaitable[Context]]:
    """Return what makes the context, after the caller of a request is known.

    A socket's caller is known later: their token comes with its first message.

    Args:
        user_of: Finds the user or refuses the request.
    """

    async def make(connection: HTTPConnection, services: TheServices) -> Context:
        context = Context(services, connection.app.state.job_watch)
        if connection.scope["type"] == "http":
            context.renew(await context.ask(user_of, connection, services))
        return context

    return make
