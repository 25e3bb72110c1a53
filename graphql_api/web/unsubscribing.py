"""``/u/{token}``: leaving the mailing from a mail, by one click (RFC 8058).

A POST is enough, with any body: mail providers send ``List-Unsubscribe=One-Click``
as a form or as multipart, the page's own button sends nothing, and the token
says it all. There is no sign-in, no cookie and no redirect (section 3.1), and a
repeated or unknown token is answered like any other. The page that answers can
take it back, for a day.
"""

from fastapi import APIRouter
from starlette.responses import Response

from graphql_api.services import Services
from graphql_api.web.dependencies import Now, ThePages, TheServices
from trial_reports.subscriptions.unsubscribing import OneClick

PATH = "/u/"
"""What every path here begins with."""

router = APIRouter()


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
async def ask(token: str, pages: ThePages) -> Response:  # noqa: ARG001 - a GET changes and tells nothing
    """Show a button; mail gateways open links, so this changes nothing."""
    return pages.page("unsubscribe")


@router.post("/u/{token}")
def unsubscribe(
    token: str, services: TheServices, pages: ThePages, now: Now
) -> Response:
    """End the subscription of the token."""
    _one_click(services).unsubscribe(token, now)
    return pages.page("unsubscribed", token=token)


@router.post("/u/{token}/undo")
def undo(token: str, services: TheServices, pages: ThePages, now: Now) -> Response:
    """Take back what the token has done, for a day."""
    _one_click(services).undo(token, now)
    return pages.page("undone")


def _one_click(services: Services) -> OneClick:
    return OneClick(services.unsubscribe_tokens, services.changing)
