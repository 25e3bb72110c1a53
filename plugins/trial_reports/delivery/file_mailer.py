"""Mail into a folder, one ``.eml`` file each: for development, without a provider."""

import json
from email.message import EmailMessage as MimeMessage
from email.policy import SMTP
from email.utils import formataddr
from pathlib import Path

from trial_reports.delivery.mailer import MailNotTaken
from trial_reports.delivery.message import EmailMessage
from trial_reports.identifiers import new_id


class FileMailer:
    """Writes mails that any mail program opens.

    Args:
        outbox: The folder; made when it is missing.
    """

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def send(self, message: EmailMessage) -> str:
        """Write the mail; see :class:`trial_reports.delivery.mailer.Mailer`.

        Returns:
            The file's name without ``.eml``.
        """
        message_id = new_id("msg")
        finished = self._outbox / f"{message_id}.eml"
        unfinished = finished.with_suffix(".unfinished")
        try:
            self._outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.write_bytes(_mime(message).as_bytes(policy=SMTP))
            unfinished.replace(finished)
        except OSError:
            raise MailNotTaken(
                "mail_unwritable", "The outbox cannot be written."
            ) from None
        return message_id


def _mime(message: EmailMessage) -> MimeMessage:
    mime = MimeMessage()
    mime["From"] = formataddr((message.sender_name, message.sender))
    mime["To"] = message.to
    mime["Subject"] = message.subject
    for name, value in message.headers.items():
        mime[name] = value
    mime["X-Custom-Args"] = json.dumps(dict(message.custom_args))
    mime.set_content(message.text)
    mime.add_alternative(message.html, subtype="html")
    return mime
