"""What a file really is: its content is looked at, its name is not believed."""

import puremagic
from charset_normalizer import from_bytes
from puremagic import PureError

from trial_reports.subscriptions.models import FileType

HEAD_BYTES = 64 * 1024
"""How much of a file is looked at to recognise it."""

TEXT = "text/plain"

MEDIA_TYPES: dict[FileType, str] = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": TEXT,
    "webp": "image/webp",
}
"""The file types a subscriber can choose, and what their content is called."""


def recognise(head: bytes) -> str | None:
    """Return the media type of a file's content.

    Args:
        head: The first bytes of the file, up to ``HEAD_BYTES``.

    Returns:
        One of ``MEDIA_TYPES``, or ``None`` for anything the report cannot show.
    """
    if not head:
        return None
    try:
        found = puremagic.from_string(head, mime=True)
    except PureError:
        return TEXT if decode(head) is not None else None
    return found if found in MEDIA_TYPES.values() else None


def decode(data: bytes) -> str | None:
    """Return the text that ``data`` holds, ``None`` if it is not text.

    UTF-8, also cut off in the middle of a character, is tried before the
    encoding is guessed.
    """
    if b"\0" in data[:HEAD_BYTES] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    for cut in range(4):
        try:
            return data[: len(data) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
    best = from_bytes(data).best()
    return str(best) if best is not None else None
