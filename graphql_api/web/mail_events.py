"""``/webhooks/sendgrid``: what the mail provider tells about mails it was given.

Nothing is read before the signature has been checked. What is signed is answered
with 200, also where it makes no sense: SendGrid would only send it again, for a
day. It does so, rightly, while our database is away (503).
"""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.web.dependencies import Now, TheServices
from graphql_api.web.problems import Problem
from trial_reports.delivery.event_signatures import EventSignatures
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings

PATH = "/webhooks/sendgrid"
BODY_BYTES = 1024 * 1024
"""Some thousand events; SendGrid gathers them for up to 30 seconds."""

_HEADER = "X-Twilio-Email-Event-Webhook-"


def mail_events(settings: Settings) -> APIRouter | None:
    """Return the route, or ``None`` where no key is set and nothing can be believed.

    Raises:
        ConfigurationError: A key is no key, or this is production without one:
            nobody would learn that a mail has bounced.
    """
    if not settings.mail.webhook_keys:
        if settings.environment == "production":
            raise ConfigurationError(
                "webhook_keys", "mail.webhook_keys is missing: the API needs one."
            )
        return None
    signatures = EventSignatures(settings.mail.webhook_keys)
    router = APIRouter()

    @router.post(PATH)
    async def take(request: Request, services: TheServices, now: Now) -> Response:
        body = await request.body()
        timestamp = request.headers.get(f"{_HEADER}Timestamp", "")
        signature = request.headers.get(f"{_HEADER}Signature", "")
        if not signatures.vouch_for(body, timestamp, signature, now):
            raise Problem(403, "not_signed", "This is not for you to tell.")
        await run_in_threadpool(services.mail_events.take, body, now)
        return Response()

    return router
