"""What a file really is: its content is looked at, its name is not believed."""

import codecs
import re
from contextlib import suppress

import puremagic
from charset_normalizer import from_bytes
from puremagic import PureError

from trial_reports.subscriptions.models import FileType

HEAD_BYTES = 64 * 1024
"""How much of a file is looked at to recognise it."""

TEXT = "text/plain"

_MARKUP = (b"<", b"{\\rtf")
"""The magic of texts that nobody wants to read as they are: HTML, XML, RTF."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""What no text holds."""

MEDIA_TYPES: dict[FileType, str] = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": TEXT,
    "webp": "image/webp",
}
"""The file types a subscriber can choose, and what their content is called."""

# Many a note begins with the letters of some format: "BMI", "From", "ID3".
_BY_MAGIC = frozenset(MEDIA_TYPES.values()) - {TEXT}


def recognise(head: bytes) -> str | None:
    """Return the media type of a file's content.

    Args:
        head: The first bytes of the file, up to ``HEAD_BYTES``.

    Returns:
        One of ``MEDIA_TYPES``, or ``None`` for anything the report cannot show.
    """
    if not head:
        return None
    media_type, magic = _magic(head)
    if media_type in _BY_MAGIC:
        return media_type
    if magic.startswith(_MARKUP):
        return None
    return TEXT if decode(head) is not None else None


def decode(data: bytes) -> str | None:
    """Return the text that ``data`` holds, ``None`` if it is not text.

    UTF-16 needs its byte order mark; UTF-8 is tried before the encoding is
    guessed. Both may be cut off in the middle of a character.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, _ = _from_unicode(data, "utf-16")
    else:
        text, cut_off = _from_unicode(data, "utf-8-sig")
        # The only accent, and at the very end: that is no cut UTF-8.
        if text is None or (cut_off and text.isascii()):
            text = _guess(data)
    return None if text is None or _CONTROL.search(text) else text


def _magic(head: bytes) -> tuple[str, bytes]:
    """Return the likeliest media type and the bytes that speak for it."""
    try:
        likeliest = puremagic.magic_string(head)[0]
    except PureError:
        return "", b""
    return likeliest.mime_type, likeliest.byte_match


def _from_unicode(data: bytes, encoding: str) -> tuple[str | None, bool]:
    """Return the text, and whether it ends within a character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None, False
    return text, bool(decoder.getstate()[0])


def _guess(data: bytes) -> str | None:
    letters = len(data.decode("ascii", "ignore"))
    if 2 * letters >= len(data):
        # A few accents among plain letters: from so little, guesses name
        # Chinese, while people's computers write Western European.
        with suppress(UnicodeDecodeError):
            return data.decode("cp1252")
    best = from_bytes(data).best()
    return str(best) if best is not None else None
