"""The mails we write: neutral, since anybody may see a mailbox.

No name, no study, nothing about health: neither in subject and text nor in
headers and the provider's metadata, which hold random ids only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from trial_reports.errors import PermanentError
from trial_reports.settings import Mail

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,255}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """A finished mail to one person; its ``repr`` names nobody.

    Attributes:
        to: The recipient's address, without a name.
        sender: Our own address.
        sender_name: What mail programs show instead of it.
        subject: One line.
        text: For mail programs that show no HTML.
        html: The same content as a page.
        headers: Further headers by name.
        custom_args: Random ids by which the provider's events find their way
            back to us.
    """

    to: str = field(repr=False)
    sender: str
    sender_name: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    custom_args: Mapping[str, str]

    def __post_init__(self) -> None:
        if _ADDRESS.fullmatch(self.to) is None:
            raise PermanentError("address_malformed", "The address is malformed.")
        lines = (self.sender, self.sender_name, self.subject, *self.headers.values())
        if any("\n" in line or "\r" in line for line in lines):
            raise ValueError("a header holds more than one line")
        if not all(map(_ID.fullmatch, self.custom_args.values())):
            raise ValueError("custom_args hold ids only")


class MessageWriter:
    """Writes mails from the templates in ``email/``.

    A language has its own folder beside the English files, for example
    ``report_ready/de/``; until somebody writes it, English is used.

    Args:
        templates: The folder that holds ``email/``.
        mail: The sender.
    """

    def __init__(self, templates: Path, mail: Mail) -> None:
        self._mail = mail
        self._environment = Environment(
            loader=FileSystemLoader(templates / "email"),
            autoescape=select_autoescape(enabled_extensions=("html.j2",)),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )

    def report_ready(
        self,
        *,
        recipient: str,
        link_url: str,
        unsubscribe_url: str,
        expires_on: date,
        ids: Mapping[str, str],
        locale: str = "en",
    ) -> EmailMessage:
        """Return the mail that leads to a report.

        Unsubscribing takes one click in the mail program itself (RFC 8058):
        it sends a POST to ``unsubscribe_url``.

        Args:
            recipient: An address.
            link_url: Where the report is opened.
            unsubscribe_url: Where the subscription is ended.
            expires_on: The last day on which ``link_url`` works.
            ids: Random ids for the provider's events.
            locale: The reader's, such as ``de-AT``.

        Raises:
            PermanentError: ``address_malformed``.
        """
        values = {
            "expires_on": expires_on,
            "link_url": link_url,
            "unsubscribe_url": unsubscribe_url,
        }
        return EmailMessage(
            to=recipient,
            sender=self._mail.sender,
            sender_name=self._mail.sender_name,
            subject=self._render("report_ready", "subject.txt.j2", locale, values),
            text=self._render("report_ready", "body.txt.j2", locale, values),
            html=self._render("report_ready", "body.html.j2", locale, values),
            headers={
                "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday replies
                "List-Unsubscribe": f"<{unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            custom_args=dict(ids),
        )

    def _render(
        self, mail: str, part: str, locale: str, values: Mapping[str, object]
    ) -> str:
        language = re.split("[-_]", locale, maxsplit=1)[0].lower()
        template = self._environment.select_template(
            [f"{mail}/{language}/{part}", f"{mail}/{part}"]
        )
        return template.render(values)
