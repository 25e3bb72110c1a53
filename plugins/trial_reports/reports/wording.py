"""How moments, numbers and texts are written; English in this version."""

import re
import unicodedata
from datetime import date, datetime

from trial_reports.reports.content import Range, ReportContent, Series
from trial_reports.reports.values import as_number

DASH = "\N{EN DASH}"
"""Printed between two numbers, and where there is nothing to print."""

_TIED_DASH = f"\N{NO-BREAK SPACE}{DASH}\N{NO-BREAK SPACE}"
_NUMBER_GAP = re.compile(r"(?<=[\d)]) (?=[\d(])")
_ENDLESS_WORD = re.compile(r"[!-~]{200,}")
_PIECE = re.compile(r".{60}")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def days(content: ReportContent) -> str:
    """Return the days a report covers: ``16 - 22 November 2026``."""
    first, last = content.first_day, content.last_day
    end = f"{last.day} {last:%B} {last.year}"
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} {DASH} {end}"
    if first.month != last.month:
        return f"{first.day} {first:%B} {DASH} {end}"
    return f"{first.day} {DASH} {end}"


def day(at: date) -> str:
    """Return a day of the reported weeks: ``Mon 16 Nov``."""
    return f"{at:%a} {at.day} {at:%b}"


def moment(at: datetime) -> str:
    """Return a moment of the reported weeks: ``Mon 16 Nov, 08:15``."""
    return f"{day(at)}, {at:%H:%M}"


def dated_moment(at: datetime) -> str:
    """Return any moment: ``16 Nov 2026, 08:15``."""
    return f"{at.day} {at:%b} {at.year}, {at:%H:%M}"


def average(value: float | None, decimals: int) -> str:
    """Return an average as exactly as its series is measured, or a dash."""
    return DASH if value is None else as_number(round(value, decimals))


def normal_range(normal: Range | None) -> str:
    """Return ``60 - 100``, ``up to 100``, ``from 60`` or a dash."""
    low = normal.low if normal else None
    high = normal.high if normal else None
    if low is not None and high is not None:
        return f"{as_number(low)}{_TIED_DASH}{as_number(high)}"
    if high is not None:
        return f"up to {as_number(high)}"
    if low is not None:
        return f"from {as_number(low)}"
    return DASH


def comparison(series: Series) -> str:
    """Return how the week's average compares with the weeks before."""
    if series.mean is None or series.earlier_mean is None:
        return ""
    weeks = sum(week.mean is not None for week in series.weeks[:-1])
    before = average(series.earlier_mean, series.decimals)
    since = f"the average of {weeks} earlier week{'s' if weeks > 1 else ''} ({before})"
    change = round(series.mean - series.earlier_mean, series.decimals)
    if not change:
        return f"the same as {since}"
    direction = "higher" if change > 0 else "lower"
    return f"{average(abs(change), series.decimals)} {direction} than {since}"


def size(count: int) -> str:
    """Return a number of bytes in the unit people read: ``1.4 MB``."""
    for limit, unit in ((1e6, "MB"), (1e3, "kB")):
        if count >= limit:
            return f"{count / limit:.1f} {unit}"
    return f"{count} bytes"


def unbroken_numbers(text: str) -> str:
    """Return ``text`` with telephone numbers that stay on one line."""
    return _NUMBER_GAP.sub("\N{NO-BREAK SPACE}", text)


def breakable(text: str) -> str:
    """Return ``text`` with places to break words of hundreds of characters.

    Without them the layout tries each character, seconds for one such text.
    """
    return _ENDLESS_WORD.sub(
        lambda word: _PIECE.sub("\\g<0>\N{ZERO WIDTH SPACE}", word[0]), text
    )


def direction(text: str) -> str:
    """Return ``rtl`` for text whose first letter is read from right to left.

    The first strong character decides, as rules P2 and P3 of the Unicode
    Bidirectional Algorithm (UAX 9) say; WeasyPrint knows no ``dir="auto"``.
    """
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def language(locale: str) -> str:
    """Return the BCP 47 tag of a locale such as ``de_DE``, empty if it is none."""
    tag = locale.partition(".")[0].replace("_", "-")
    return tag if _LANGUAGE_TAG.fullmatch(tag) else ""
