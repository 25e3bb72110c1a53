"""Where the contract is put into the application."""

from fastapi import APIRouter, FastAPI

from graphql_api.rest import jobs, subscriptions
from graphql_api.rest.caller import UserOf
from graphql_api.rest.description import describe_problems
from graphql_api.rest.refusals import answer_refusal
from trial_reports.errors import RequestError


def add_rest(app: FastAPI, user_of: UserOf) -> None:
    """Serve the contract under ``/api``.

    Args:
        app: The application.
        user_of: Finds who signed a request, or refuses it.
    """
    app.state.user_of = user_of
    app.add_exception_handler(RequestError, answer_refusal)
    router = APIRouter(prefix="/api")
    router.include_router(subscriptions.router)
    router.include_router(jobs.router)
    app.include_router(router)
    describe_problems(app)
