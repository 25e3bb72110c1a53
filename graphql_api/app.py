"""The API as an ASGI application.

Run it with::

    uvicorn --factory graphql_api.app:create_app --no-access-log

Uvicorn's own access log writes paths, and ours hold the tokens of mailed links;
`RequestLog` writes route templates instead.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.endpoint import Endpoint
from graphql_api.identity import SignIn, signed_in_user
from graphql_api.jobs.watch import JobWatch
from graphql_api.rest.api import add_rest
from graphql_api.schema import build_schema
from graphql_api.services import Services, connected
from graphql_api.web import health, unsubscribing
from graphql_api.web.logs import configure_logs
from graphql_api.web.mail_events import BODY_BYTES as EVENTS_BYTES
from graphql_api.web.mail_events import PATH as EVENTS_PATH
from graphql_api.web.mail_events import mail_events
from graphql_api.web.pages import Pages
from graphql_api.web.problems import answer_http_exception, answer_invalid_request
from graphql_api.web.report_links import report_links
from graphql_api.web.request_limits import RequestLimits
from graphql_api.web.request_log import RequestLog
from graphql_api.web.stored_files import stored_files
from graphql_api.web.trouble import answer_trouble
from trial_reports.errors import StageError
from trial_reports.settings import Settings, load_settings

_GRAPHQL = "/graphql"
_logger = logging.getLogger(__name__)


def create_app(
    settings: Settings | None = None, services: Services | None = None
) -> FastAPI:
    """Return the application; nothing is connected before it starts.

    Args:
        settings: ``None`` where this is the process's entry point: they are read
            from the environment then, and the log is set up.
        services: Ready ones, which stay the caller's to close; ``None`` to make
            them when the application starts and close them when it ends.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """
    if settings is None:
        configure_logs()
        settings = load_settings()
    in_production = settings.environment == "production"
    app = FastAPI(
        title="Study reports",
        docs_url=None,
        lifespan=_lifespan(settings, services),
        openapi_url=None if in_production else "/openapi.json",
        redoc_url=None,
    )
    app.state.pages = Pages(settings.templates / "pages")
    # The last one added is the outermost.
    app.add_middleware(RequestLimits, larger_bodies={EVENTS_PATH: EVENTS_BYTES})
    app.add_middleware(RequestLog)
    app.add_exception_handler(HTTPException, answer_http_exception)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    app.add_exception_handler(PyMongoError, answer_trouble)
    app.add_exception_handler(StageError, answer_trouble)
    app.include_router(health.router)
    # Pages and downloads are for people who follow a link, not for programs.
    app.include_router(unsubscribing.router, include_in_schema=False)
    app.include_router(report_links(settings.links), include_in_schema=False)
    if (downloads := stored_files(settings)) is not None:
        app.include_router(downloads, include_in_schema=False)
    if (events := mail_events(settings)) is not None:
        app.include_router(events, include_in_schema=False)
    sign_in = SignIn.configured(settings)
    if not sign_in.is_possible:
        _logger.warning("no identity provider is configured: nobody can sign in")
    add_rest(app, signed_in_user(sign_in))
    _add_graphql(app, sign_in, with_tools=not in_production)
    return app


def _lifespan(
    settings: Settings, services: Services | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as until_the_end:
            ready = services or until_the_end.enter_context(connected(settings))
            app.state.services = ready
            app.state.job_watch = JobWatch(ready.visible_jobs)
            yield

    return lifespan


def _add_graphql(app: FastAPI, sign_in: SignIn, *, with_tools: bool) -> None:
    schema = build_schema(introspection=with_tools)
    endpoint = Endpoint(schema, sign_in, _GRAPHQL, with_ide=with_tools)

    # Before the endpoint's own, which asks for a token that a browser's
    # address bar cannot send; the IDE then sends it with each operation.
    @app.get(_GRAPHQL, include_in_schema=False)
    async def page(request: Request) -> Response:
        return endpoint.page(request)

    app.include_router(endpoint)
