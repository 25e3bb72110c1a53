"""``/u/{token}``: leaving the mailing from a mail, by one click (RFC 8058).

A POST is enough, with any body: mail providers send ``List-Unsubscribe=One-Click``
as a form or as multipart, the page's own button sends nothing, and the token
says it all. There is no sign-in, no cookie and no redirect (section 3.1), and a
repeated or unknown token is answered like any other.
"""

from contextlib import suppress

from fastapi import APIRouter
from starlette.responses import Response

from graphql_api.web.dependencies import Now, ThePages, TheServices
from trial_reports.audit.trail import SYSTEM
from trial_reports.errors import RequestError

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
    subscription_id = services.unsubscribe_tokens.subscription_of(token)
    if subscription_id is not None:
        # Whoever was erased in the meantime is answered like everybody else.
        with suppress(RequestError):
            services.changing.change(
                subscription_id,
                status="unsubscribed",
                by=SYSTEM,
                reason="One click in a mail.",
                now=now,
            )
    return pages.page("unsubscribed")
