"""The API as an ASGI application.

``python -m graphql_api`` serves it.
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
from graphql_api.identity import Entrance, SignIn, signed_in_user
from graphql_api.jobs.watch import JobWatch
from graphql_api.rest.api import add_rest
from graphql_api.schema import build_schema
from graphql_api.services import Services, connected
from graphql_api.web import health, unsubscribing
from graphql_api.web.logs import configure_logs
from graphql_api.web.mail_events import BODY_BYTES as EVENTS_BYTES
from graphql_api.web.mail_events import PATH as EVENTS_PATH
from graphql_api.web.mail_events import mail_events
from graphql_api.web.origins import SocketOrigins, admit_pages
from graphql_api.web.pages import Pages
from graphql_api.web.problems import answer_http_exception, answer_invalid_request
from graphql_api.web.rate_limits import RateLimits, StrangersLimit
from graphql_api.web.report_links import report_links
from graphql_api.web.request_limits import RequestLimits
from graphql_api.web.request_log import RequestLog
from graphql_api.web.stored_files import stored_files
from graphql_api.web.trouble import answer_trouble
from trial_reports.errors import StageError
from trial_reports.settings import Settings, load_settings

_GRAPHQL = "/graphql"
_SIGNED_IN = (_GRAPHQL, "/api/")
_FREE = (health.LIVE, health.READY, EVENTS_PATH, unsubscribing.PATH)
"""Probes must never be refused; a signature vouches for the mail provider; and mail
services unsubscribe many people from few addresses (RFC 8058)."""

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
    app.state.stopping = False
    limits = RateLimits.configured(settings.api)
    # The last one added is the outermost: pages can read every answer.
    app.add_middleware(RequestLimits, larger_bodies={EVENTS_PATH: EVENTS_BYTES})
    app.add_middleware(StrangersLimit, limits=limits, signed_in=_SIGNED_IN, free=_FREE)
    app.add_middleware(
        SocketOrigins,
        allowed=settings.api.allowed_origins,
        own=settings.links.public_url,
    )
    app.add_middleware(RequestLog)
    admit_pages(app, settings.api.allowed_origins)
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
    entrance = Entrance(sign_in, limits)
    add_rest(app, signed_in_user(entrance))
    _add_graphql(app, entrance, with_tools=not in_production)
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


def _add_graphql(app: FastAPI, entrance: Entrance, *, with_tools: bool) -> None:
    schema = build_schema(introspection=with_tools)
    endpoint = Endpoint(schema, entrance, _GRAPHQL, with_ide=with_tools)

    # Before the endpoint's own, which asks for a token that a browser's
    # address bar cannot send; the IDE then sends it with each operation.
    @app.get(_GRAPHQL, include_in_schema=False)
    async def page(request: Request) -> Response:
        return endpoint.page(request)

    app.include_router(endpoint, include_in_schema=False)
