"""What a person is told when something behind the API is away."""

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.web.logs import log_failure
from graphql_api.web.pages import Pages
from graphql_api.web.problems import problem


def answer_trouble(request: Request, error: Exception) -> Response:
    """Answer 503: as a page to a browser, as a problem to a program."""
    log_failure(error)
    if "text/html" in request.headers.get("accept", ""):
        pages: Pages = request.app.state.pages
        return pages.page("trouble", 503)
    return problem(503, "unavailable", "Please try again in a few minutes.")
