"""What routes ask for by annotating a parameter.

These are coroutines, though they wait for nothing: FastAPI would run plain
functions in a thread, which costs more than they do.
"""

from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from graphql_api.services import Services
from graphql_api.web.pages import Pages


async def _services(connection: HTTPConnection) -> Services:
    return cast("Services", connection.app.state.services)


async def _pages(connection: HTTPConnection) -> Pages:
    return cast("Pages", connection.app.state.pages)


TheServices = Annotated[Services, Depends(_services)]
ThePages = Annotated[Pages, Depends(_pages)]


async def _now(services: TheServices) -> datetime:
    return services.clock()


Now = Annotated[datetime, Depends(_now)]
"""The time of the request, UTC: the same for everything done for it."""
