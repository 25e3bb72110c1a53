"""Mail through SendGrid, whose API has no idempotency key.

Asking twice is sending twice. So each answer is read for one question: is it
certain that the mail was not taken?
"""

import json
import logging
import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    ClickTracking,
    CustomArg,
    From,
    Header,
    HtmlContent,
    Mail,
    OpenTracking,
    PlainTextContent,
    Subject,
    SubscriptionTracking,
    To,
    TrackingSettings,
)

from trial_reports.delivery.mailer import (
    MailNotTaken,
    MailOutcomeUnknown,
    MailRefused,
    ProviderBusy,
    ProviderRefusesUs,
)
from trial_reports.delivery.message import EmailMessage
from trial_reports.delivery.sendgrid_connection import (
    NotConnectedError,
    mail_send_endpoint,
)
from trial_reports.errors import StageError

_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
_NOT_TAKEN = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
_USUAL_WAIT = 60.0  # seconds; SendGrid counts requests by the minute
_LONGEST_WAIT = 3600.0  # seconds; a provider's mistake must not stop us for days
_FIELD = re.compile(r"[a-z0-9_.]{1,80}")


class SendGridMailer:
    """Hands mails to SendGrid, one request each, and never repeats one.

    Args:
        api: The SDK's client, with host and key.
        timeout_seconds: For connecting and for each wait afterwards.
    """

    def __init__(self, api: SendGridAPIClient, timeout_seconds: float) -> None:
        self._endpoint = mail_send_endpoint(api, timeout_seconds)
        # At DEBUG it logs the key, the address and the whole mail.
        logging.getLogger("python_http_client").setLevel(logging.WARNING)

    def send(self, message: EmailMessage) -> str:
        """Hand over the mail; see :class:`trial_reports.delivery.mailer.Mailer`.

        Returns:
            ``X-Message-Id``, with which ``sg_message_id`` of later events begins.
        """
        try:
            answer = self._endpoint.post(request_body=_request(message))
        except NotConnectedError:
            raise MailNotTaken(
                "mail_unreachable", "The mail provider could not be reached."
            ) from None
        except HTTPError as refusal:
            raise _meaning(refusal) from None
        except (OSError, HTTPException):
            raise _unknown("no answer") from None
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise _unknown(f"status {answer.status_code}")
        return str(answer.headers.get("X-Message-Id", ""))


def _request(message: EmailMessage) -> dict[str, Any]:
    mail = Mail(
        from_email=From(message.sender, message.sender_name),
        to_emails=To(message.to),
        subject=Subject(message.subject),
        plain_text_content=PlainTextContent(message.text),
        html_content=HtmlContent(message.html),
    )
    for name, value in message.headers.items():
        mail.add_header(Header(name, value))
    for name, value in message.custom_args.items():
        mail.add_custom_arg(CustomArg(name, value))
    tracking = TrackingSettings()
    tracking.click_tracking = ClickTracking(enable=False, enable_text=False)
    tracking.open_tracking = OpenTracking(enable=False)
    tracking.subscription_tracking = SubscriptionTracking(enable=False)
    mail.tracking_settings = tracking
    body: dict[str, Any] = mail.get()
    return body


def _meaning(refusal: HTTPError) -> StageError:
    status = refusal.status_code
    if status in _REFUSED:
        return MailRefused(
            "mail_refused",
            f"The mail provider refuses the mail (status {status}, "
            f"field {_refused_field(refusal)}).",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ProviderBusy(
            "mail_rate_limited",
            "The mail provider asks us to send more slowly.",
            _retry_after(refusal) or _USUAL_WAIT,
        )
    if status in _NOT_TAKEN:
        return MailNotTaken(
            "mail_not_taken",
            f"The mail provider is not able to take mail (status {status}).",
            _retry_after(refusal),
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unknown(f"status {status}")
    return ProviderRefusesUs(
        "mail_provider_refuses", f"The mail provider refuses us (status {status})."
    )


def _unknown(reason: str) -> MailOutcomeUnknown:
    return MailOutcomeUnknown(
        "mail_outcome_unknown", f"The mail may or may not have been taken ({reason})."
    )


def _refused_field(refusal: HTTPError) -> str:
    # The provider's message may quote the address; the field's name does not.
    try:
        field = str(json.loads(refusal.body)["errors"][0]["field"])
    except (ValueError, LookupError, TypeError):
        return "unknown"
    return field if _FIELD.fullmatch(field) else "unknown"


def _retry_after(refusal: HTTPError) -> float | None:
    wait = refusal.headers.get("Retry-After", "")
    if wait.isdecimal():
        return min(float(wait), _LONGEST_WAIT)
    reset = refusal.headers.get("X-RateLimit-Reset", "")
    if not reset.isdecimal():
        return None
    # Both times are by the provider's clock: ours may be wrong.
    try:
        answered_at = parsedate_to_datetime(refusal.headers.get("Date", ""))
    except ValueError:
        return None
    return min(max(float(reset) - answered_at.timestamp(), 0.0), _LONGEST_WAIT)
