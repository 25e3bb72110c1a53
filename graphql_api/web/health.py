"""Whether this process lives, and whether it can do its work."""

import pymongo
from fastapi import APIRouter
from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api.web.dependencies import TheServices
from graphql_api.web.logs import log_failure
from graphql_api.web.problems import problem

LIVE = "/healthz"
READY = "/readyz"

_PING_SECONDS = 1.0

router = APIRouter()


@router.get(LIVE)
async def healthz() -> Response:
    """Answer that the process answers: a new one would not help a database."""
    return JSONResponse({"status": "ok"})


@router.get(READY)
def readyz(request: Request, services: TheServices) -> Response:
    """Answer whether requests should be sent here; says nothing about hosts."""
    if request.app.state.stopping:
        return problem(503, "stopping", "This process is about to stop.")
    try:
        with pymongo.timeout(_PING_SECONDS):
            services.database.command("ping")
    except PyMongoError as error:
        log_failure(error)
        return problem(503, "database_unavailable", "The database does not answer.")
    return JSONResponse({"status": "ok"})
