"""What SendGrid refuses, and the words it uses.

Sources: SendGrid's v3 Mail Send reference, its page "Errors" and its OpenAPI
description. A request is refused with every problem that was found at once.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from local_stack.mailbox.answers import Problem
from local_stack.mailbox.payload import MailSend, Personalization

MAX_REQUEST_BYTES = 30 * 1024 * 1024
_MAX_RECIPIENTS = 1000
_MAX_CUSTOM_ARGS_BYTES = 10_000
_MAX_SCHEDULE = timedelta(hours=72)
_RESERVED_HEADERS = frozenset(
    (
        *("x-sg-id", "x-sg-eid", "received", "dkim-signature"),
        *("content-type", "content-transfer-encoding"),
        *("to", "from", "subject", "reply-to", "cc", "bcc"),
    )
)
_HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message."
_WORDS = {
    "personalizations": "The personalizations field is required and must have at "
    "least one personalization, and at most 1000.",
    "personalizations.to": "The to array is required for all personalization objects, "
    "and must have at least one email object with a valid email address.",
    "personalizations.to.email": "Does not contain a valid address.",
    "from": "The from object must be provided for every email send. It is an object "
    "that requires the email parameter, but may also contain a name parameter.",
    "from.email": "The from email does not contain a valid address.",
    "subject": "The subject must be a string at least one character in length.",
    "content": "Unless a valid template_id is provided, the content parameter is "
    "required. There must be at least one defined content block.",
    "content.value": "The content value must be a string at least one character in "
    "length.",
    "attachments.content": "The attachment content must be base64 encoded.",
    "categories": "You cannot have more than 10 categories.",
    "mail_settings.sandbox_mode.enable": "The sandbox mode enable param should be a "
    "boolean value.",
}


class Refused(Exception):  # noqa: N818 - what SendGrid does
    """The request is not taken.

    Args:
        problems: Everything that is wrong with it.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def parse_mail(body: bytes, now: datetime) -> MailSend:
    """Return the request as SendGrid would understand it.

    Args:
        body: The JSON of the request.
        now: The time, with its zone, for the limit on ``send_at``.

    Raises:
        Refused: SendGrid would answer 400.
    """
    try:
        mail = MailSend.model_validate_json(body)
    except ValidationError as error:
        raise Refused([_problem(detail) for detail in error.errors()]) from None
    problems = list(_broken_rules(mail, now))
    if problems:
        raise Refused(problems)
    return mail


def _problem(detail: ErrorDetails) -> Problem:
    if detail["type"] == "json_invalid":
        return Problem(message="Bad Request")
    field = ".".join(map(str, detail["loc"]))
    name = ".".join(part for part in detail["loc"] if isinstance(part, str))
    if detail["type"] == "extra_forbidden":
        return Problem(
            message=f"Additional property {name} is not allowed", field=field
        )
    return Problem(
        message=_WORDS.get(name, detail["msg"]), field=field, help=_HELP + name
    )


def _broken_rules(mail: MailSend, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong although every field for itself is right."""
    yield from _wrong_recipients(mail)
    yield from _wrong_content(mail)
    yield from _wrong_headers("headers", mail.headers)
    if mail.reply_to and mail.reply_to_list:
        yield _broken("reply_to", "Use either reply_to or reply_to_list, not both.")
    if len(set(mail.categories)) < len(mail.categories):
        yield _broken("categories", "Category names must be unique.")
    yield from _wrong_time("send_at", mail.send_at, now)
    for index, personalization in enumerate(mail.personalizations):
        place = f"personalizations.{index}"
        yield from _wrong_personalization(place, mail, personalization, now)


def _wrong_recipients(mail: MailSend) -> Iterator[Problem]:
    total = sum(len(p.recipients) for p in mail.personalizations)
    if total > _MAX_RECIPIENTS:
        yield _broken(
            "personalizations",
            "There is a limit of 1000 total recipients (to + cc + bcc) per request.",
        )


def _wrong_content(mail: MailSend) -> Iterator[Problem]:
    types = [content.type.lower() for content in mail.content]
    known = [t for t in types if t in {"text/plain", "text/html"}]
    if len(set(known)) < len(known):
        yield _broken(
            "content", "If present, text/plain and text/html may only be provided once."
        )
    elif known != types[: len(known)] or known == ["text/html", "text/plain"]:
        yield _broken(
            "content",
            "If present, text/plain must be first, followed by text/html, followed by "
            "any other content.",
        )


def _wrong_personalization(
    place: str, mail: MailSend, personalization: Personalization, now: datetime
) -> Iterator[Problem]:
    addresses = [person.email.lower() for person in personalization.recipients]
    if len(set(addresses)) < len(addresses):
        yield _broken(
            place,
            "Each email address in the personalization block should be unique between "
            "to, cc, and bcc.",
        )
    if personalization.subject is None and mail.subject is None:
        yield _broken(
            "subject",
            "The subject is required. You can get around this requirement if you use a "
            "template with a subject defined or if every personalization has a subject "
            "defined.",
        )
    arguments = json.dumps(mail.custom_args | personalization.custom_args)
    if len(arguments.encode()) > _MAX_CUSTOM_ARGS_BYTES:
        yield _broken("custom_args", "Custom arguments may not exceed 10000 bytes.")
    yield from _wrong_headers(f"{place}.headers", personalization.headers)
    yield from _wrong_time(f"{place}.send_at", personalization.send_at, now)


def _wrong_headers(place: str, headers: dict[str, str]) -> Iterator[Problem]:
    for name in headers:
        if name.lower() in _RESERVED_HEADERS:
            yield _broken(place, f"You may not override the reserved header {name}.")


def _wrong_time(place: str, send_at: int | None, now: datetime) -> Iterator[Problem]:
    if send_at is not None and send_at > (now + _MAX_SCHEDULE).timestamp():
        yield _broken(place, "The send_at may not be more than 72 hours in the future.")


def _broken(field: str, message: str) -> Problem:
    name = ".".join(part for part in field.split(".") if not part.isdigit())
    return Problem(message=message, field=field, help=_HELP + name)
