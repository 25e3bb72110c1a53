"""``POST /v3/mail/send``: check, go wrong if told to, keep, answer."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from local_stack.mailbox.answers import rate_limited, rejection
from local_stack.mailbox.connection import drop, hang
from local_stack.mailbox.event_queue import EventQueue
from local_stack.mailbox.faults import FaultRule, Faults
from local_stack.mailbox.messages import Message, MessageStore
from local_stack.mailbox.payload import MailSend, Person, Personalization
from local_stack.mailbox.validation import MAX_REQUEST_BYTES, Refused, parse_mail

_RATE_LIMITED = 429


@dataclass(frozen=True)
class Reception:
    """Takes mail as SendGrid does.

    Args:
        key: The API key it accepts.
        store: Keeps what was accepted.
        faults: What goes wrong on purpose.
        events: Tells somebody what becomes of the mails.
    """

    key: str
    store: MessageStore
    faults: Faults
    events: EventQueue | None

    async def take(self, request: Request) -> Response:
        """Answer a request to send mail."""
        if self.faults.before_reading():
            return await drop(request)
        refusal = self._refusal(request)
        if refusal is not None:
            return rejection(refusal)
        body = await _read(request)
        if body is None:
            return rejection(413)
        now = datetime.now(UTC)
        try:
            mail = parse_mail(body, now)
        except Refused as refused:
            return rejection(400, refused.problems)
        rule = self.faults.for_recipients(mail.recipients)
        if rule is None:
            return self._accept(mail, now)
        return await self._go_wrong(request, rule, mail, now)

    def _refusal(self, request: Request) -> int | None:
        """Return the status for a request whose body is not even read."""
        given = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, f"Bearer {self.key}".encode()):
            return 401
        media_type = request.headers.get("content-type", "").partition(";")[0]
        return None if media_type == "application/json" else 415

    def _accept(self, mail: MailSend, now: datetime) -> Response:
        if mail.only_checked:
            return Response(status_code=200)
        request_id = secrets.token_urlsafe(16)
        for message in _messages(mail, request_id, now):
            self.store.add(message)
            if self.events is not None:
                self.events.expect(message)
        return Response(status_code=202, headers={"X-Message-Id": request_id})

    async def _go_wrong(
        self, request: Request, rule: FaultRule, mail: MailSend, now: datetime
    ) -> Response:
        if rule.fault == "hang":
            return await hang(request)
        if rule.fault == "drop_before":
            return await drop(request)
        if rule.fault == "drop_after_accept":
            self._accept(mail, now)
            return await drop(request)
        if rule.fault == _RATE_LIMITED:
            return rate_limited(rule.retry_after)
        return rejection(rule.fault)


async def _read(request: Request) -> bytes | None:
    """Return the body, ``None`` if it is larger than SendGrid takes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) >= MAX_REQUEST_BYTES:
            return None
    return bytes(body)


def _messages(mail: MailSend, request_id: str, now: datetime) -> list[Message]:
    everybody = [
        (personalization, person)
        for personalization in mail.personalizations
        for person in personalization.recipients
    ]
    return [
        _message(mail, personalization, person, f"{request_id}.{number}", now)
        for number, (personalization, person) in enumerate(everybody)
    ]


def _message(
    mail: MailSend,
    personalization: Personalization,
    person: Person,
    message_id: str,
    now: datetime,
) -> Message:
    sender = personalization.from_ or mail.from_
    bodies = {content.type.lower(): content.value for content in mail.content}
    return Message(
        id=message_id,
        request_id=message_id.rpartition(".")[0],
        received_at=now,
        sender=sender.email,
        sender_name=sender.name or "",
        recipient=person.email,
        recipient_name=person.name or "",
        reply_to=mail.reply_to.email if mail.reply_to else None,
        subject=personalization.subject or mail.subject or "",
        text=bodies.get("text/plain", ""),
        html=bodies.get("text/html", ""),
        headers=mail.headers | personalization.headers,
        custom_args=mail.custom_args | personalization.custom_args,
        categories=mail.categories,
        attachments=[attachment.filename for attachment in mail.attachments],
        settings=mail.settings(),
    )
