"""The mails that were accepted, kept in memory and as JSON files."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """One mail to one recipient.

    ``request_id`` is the ``X-Message-Id`` of the request that brought it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    request_id: str
    received_at: datetime
    sender: str
    sender_name: str = ""
    recipient: str
    recipient_name: str = ""
    reply_to: str | None = None
    subject: str
    text: str = ""
    html: str = ""
    headers: dict[str, str] = {}
    custom_args: dict[str, str] = {}
    categories: list[str] = []
    attachments: list[str] = []
    """Their file names."""
    settings: dict[str, Any] = {}
    """``mail_settings`` and ``tracking_settings`` as they were sent."""


class MessageStore:
    """Every accepted mail, the oldest first.

    Args:
        folder: Where the files are; made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        kept = [Message.model_validate_json(p.read_bytes()) for p in self._files()]
        self._messages = {
            m.id: m for m in sorted(kept, key=lambda m: (m.received_at, m.id))
        }

    def add(self, message: Message) -> None:
        """Keep a mail."""
        unfinished = self.folder / f"{message.id}.part"
        unfinished.write_text(message.model_dump_json(indent=2))
        unfinished.rename(self.folder / f"{message.id}.json")
        self._messages[message.id] = message

    def all(self) -> list[Message]:
        """Return every mail, the oldest first."""
        return list(self._messages.values())

    def get(self, message_id: str) -> Message | None:
        """Return one mail."""
        return self._messages.get(message_id)

    def clear(self) -> None:
        """Throw every mail away."""
        self._messages.clear()
        for path in self._files():
            path.unlink()

    def _files(self) -> list[Path]:
        return list(self.folder.glob("*.json"))
