"""Whether this process can do its work."""

import pymongo
from fastapi import APIRouter
from pymongo.errors import PyMongoError
from starlette.responses import JSONResponse, Response

from graphql_api.web.dependencies import TheServices
from graphql_api.web.logs import log_failure
from graphql_api.web.problems import problem

_PING_SECONDS = 1.0

router = APIRouter()


@router.get("/healthz")
def healthz(services: TheServices) -> Response:
    """Answer whether the database answers; says nothing about hosts."""
    try:
        with pymongo.timeout(_PING_SECONDS):
            services.database.command("ping")
    except PyMongoError as error:
        log_failure(error)
        return problem(503, "database_unavailable", "The database does not answer.")
    return JSONResponse({"status": "ok"})
