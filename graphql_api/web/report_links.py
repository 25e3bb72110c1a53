"""``/r/{token}``: the link in the mail.

Mail gateways open links, so a GET gives nothing away: it neither looks the
token up nor counts, and its bytes are the same for every token. What opens a
report is a person's press of a button, or signing in to the product.
"""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from graphql_api.web.dependencies import Now, ThePages, TheServices
from trial_reports.errors import RequestError
from trial_reports.settings import Links


def report_links(settings: Links) -> APIRouter:
    """Return the routes for the way of opening that the settings choose."""
    router = APIRouter()
    if settings.opening == "sign_in":

        @router.api_route("/r/{token}", methods=["GET", "HEAD"])
        async def lead_to_signing_in(token: str, pages: ThePages) -> Response:  # noqa: ARG001 - not looked at, on purpose
            return pages.page("sign_in", sign_in_url=settings.sign_in_url)

        return router

    @router.api_route("/r/{token}", methods=["GET", "HEAD"])
    async def show_button(token: str, pages: ThePages) -> Response:  # noqa: ARG001 - the same
        return pages.page("open_report")

    @router.post("/r/{token}")
    def open_report(
        token: str, services: TheServices, pages: ThePages, now: Now
    ) -> Response:
        try:
            url = services.opening.by_link(token, now)
        except RequestError as error:
            if error.code == "link_expired":
                return pages.page("expired", 410)
            return pages.page("unavailable", 404)
        return RedirectResponse(url, 303)

    return router
