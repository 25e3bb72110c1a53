"""Reading the fields of a record, which may hold anything or be missing.

Nothing in here raises: what cannot be understood is shown as the text it is,
and what cannot be shown becomes an empty string.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

_LARGEST = 1e12
"""No measurement is larger; sums of such numbers cannot overflow."""

_SHORT = 200
_LONG = 4_000
_CUT = " … (shortened)"
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s-]+")


def number(data: Mapping[str, Any], key: str) -> float | None:
    """Return the finite number at ``key``, ``None`` for anything else.

    Text that looks like a number is text: whether ``"1,500"`` is one and a
    half or one thousand five hundred is not for us to guess.
    """
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -_LARGEST <= value <= _LARGEST:  # also refuses NaN
        return None
    return float(value)


def line(data: Mapping[str, Any], key: str) -> str:
    """Return the value at ``key`` as one short line, empty if it is missing."""
    return _cut(" ".join(as_text(data.get(key)).split()), _SHORT)


def passage(data: Mapping[str, Any], key: str) -> str:
    """Return the value at ``key`` as text that may have several lines."""
    return _cut(as_text(data.get(key)).strip(), _LONG)


def instant(data: Mapping[str, Any], key: str, zone: tzinfo) -> datetime | None:
    """Return the moment at ``key`` in ``zone``, ``None`` for anything else.

    Args:
        data: The fields of a record.
        key: The field that holds a datetime or its ISO 8601 form; a date
            without a time is no moment.
        zone: The zone to show it in, and the one of a moment that names none.
    """
    value = data.get(key)
    if isinstance(value, str) and _ISO_MOMENT.match(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return local(value if value.tzinfo else value.replace(tzinfo=zone), zone)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return ``moment`` on the clocks of ``zone``."""
    try:
        return moment.astimezone(zone)
    except OverflowError:  # the first or last day that a datetime can hold
        return moment


def as_text(value: object) -> str:
    """Return any value of a record as text fit for print."""
    match value:
        case None | str():
            return printable(value or "")
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return as_number(value)
        case list() | tuple() if not any(isinstance(v, list | dict) for v in value):
            return ", ".join(as_text(v) for v in value)
        case list() | tuple() | dict():
            text = json.dumps(value, default=str, ensure_ascii=False, skipkeys=True)
        case _:
            text = str(value)
    return printable(text)


def as_number(value: float) -> str:
    """Return a number without noise: ``120`` for 120.0, ``0.3`` for 0.1 + 0.2."""
    if value != value:  # noqa: PLR0124 - only NaN differs from itself
        return "not a number"
    if not -_LARGEST <= value <= _LARGEST:
        return "too large to print"
    text = f"{value:.10g}"
    return text if "e" in text else text.replace("-", "\N{MINUS SIGN}")


def as_label(name: str) -> str:
    """Return a stored name as words: ``Sleep quality`` for ``sleepQuality``."""
    words = " ".join(_WORD_BORDER.sub(" ", printable(name)).split())
    if not words.isupper():
        words = words.lower()
    return _cut(words[:1].upper() + words[1:], 60)


def printable(text: str) -> str:
    """Return ``text`` without characters that no page can show.

    Half surrogate pairs, which MongoDB and JSON let through, cannot even be
    encoded; control characters could hide or reorder what is printed.
    """
    return "".join(c if _can_be_shown(c) else "\N{REPLACEMENT CHARACTER}" for c in text)


def _can_be_shown(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + _CUT
