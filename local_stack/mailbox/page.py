"""The page on which a person reads the mails."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from local_stack.mailbox.event_queue import EventQueue
from local_stack.mailbox.fates import events_of
from local_stack.mailbox.faults import FaultRule
from local_stack.mailbox.messages import Message

_MOST_SHOWN = 200
_CONTENT_SECURITY_POLICY = (
    # The mail in its frame is bound by this too, and carries its styles inline.
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


_WORDS = {"bounce": "bounced", "spamreport": "called spam"}
_PROBLEMS = ("bounce", "dropped", "spamreport")


@dataclass(frozen=True)
class Step:
    """Something that happened to a mail, and whether the webhook knows."""

    word: str
    at: datetime
    is_problem: bool
    is_told: bool


class Page:
    """Draws the mailbox.

    Args:
        events: Knows what the webhook was told, if there is one.
    """

    def __init__(self, events: EventQueue | None) -> None:
        templates = Environment(
            autoescape=True,
            loader=FileSystemLoader(Path(__file__).parent),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        templates.globals["history"] = partial(_history, events)
        self._template = templates.get_template("page.html")

    def overview(
        self, messages: list[Message], faults: list[FaultRule]
    ) -> HTMLResponse:
        """Return the page with the newest mail beside the list.

        Args:
            messages: All of them, the oldest first.
            faults: What is told to go wrong.
        """
        newest = messages[-1] if messages else None
        return self._draw(messages, faults, newest, opened=False)

    def message(
        self, messages: list[Message], faults: list[FaultRule], opened: Message
    ) -> HTMLResponse:
        """Return the page with the mail that somebody opened.

        Args:
            messages: All of them, the oldest first.
            faults: What is told to go wrong.
            opened: The one to show.
        """
        return self._draw(messages, faults, opened, opened=True)

    def not_found(self) -> HTMLResponse:
        """Return the page for a mail that is not there any more."""
        return self._draw([], [], None, opened=False, missing=True)

    def _draw(
        self,
        messages: list[Message],
        faults: list[FaultRule],
        shown: Message | None,
        *,
        opened: bool,
        missing: bool = False,
    ) -> HTMLResponse:
        page = self._template.render(
            messages=messages[: -_MOST_SHOWN - 1 : -1],
            total=len(messages),
            faults=faults,
            shown=shown,
            opened=opened,
            missing=missing,
        )
        return HTMLResponse(page, 404 if missing else 200, headers=_HEADERS)


def _history(events: EventQueue | None, message: Message) -> list[Step]:
    """Return what has happened to a mail, as far as anybody is told of it."""
    if events is None:
        return []
    return [
        Step(
            word=_WORDS.get(event.kind, event.kind),
            at=event.at,
            is_problem=event.kind in _PROBLEMS,
            is_told=events.has_told(event),
        )
        for event in events_of(message)
    ]
