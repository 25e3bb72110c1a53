"""One function for each kind of record: from its fields to a line of the report."""

from datetime import datetime
from zoneinfo import ZoneInfo

from trial_reports.reports.content import (
    AdverseEvent,
    Detail,
    DiaryEntry,
    Entry,
    Message,
    Visit,
)
from trial_reports.reports.fetched import FetchedRecord
from trial_reports.reports.values import (
    as_label,
    instant,
    line,
    local,
    number,
    passage,
)

NAMED_BY = {"vital_signs": "measurement", "laboratory": "analyte"}
"""The kinds that are measurements, and the field that says of what."""

_MOST_DETAILS = 20
_KIND_LABELS = {
    "vital_signs": "Measurement",
    "laboratory": "Laboratory result",
    "diary": "Diary",
    "adverse_event": "Health problem",
}


def visit(record: FetchedRecord, zone: ZoneInfo) -> Visit:
    """Return a visit; without a planned time, one that is over was when recorded."""
    data = record.data
    status = line(data, "status").lower()
    at = instant(data, "scheduledFor", zone)
    scheduled = "" if at else line(data, "scheduledFor")
    if at is None and not scheduled and status == "done":
        at = local(record.recorded_at, zone)
    return Visit(
        name=line(data, "name"),
        status=status,
        location=line(data, "location"),
        at=at,
        scheduled=scheduled,
    )


def diary_entry(record: FetchedRecord, zone: ZoneInfo) -> DiaryEntry:
    """Return a diary entry; a mood that is not one of 1 to 5 is left out."""
    mood = number(record.data, "mood")
    return DiaryEntry(
        at=local(record.recorded_at, zone),
        mood=int(mood) if mood in (1, 2, 3, 4, 5) else None,
        text=passage(record.data, "text"),
    )


def adverse_event(record: FetchedRecord, zone: ZoneInfo) -> AdverseEvent:
    """Return a reported health problem."""
    return AdverseEvent(
        at=local(record.recorded_at, zone),
        description=passage(record.data, "description"),
        severity=line(record.data, "severity"),
        status=line(record.data, "status"),
    )


def message(record: FetchedRecord, zone: ZoneInfo) -> Message:
    """Return a message."""
    return Message(
        at=local(record.recorded_at, zone),
        sender=line(record.data, "from"),
        text=passage(record.data, "text"),
    )


def entry(record: FetchedRecord, zone: ZoneInfo) -> Entry:
    """Return a record of any kind as its fields, under readable names."""
    return Entry(
        at=local(record.recorded_at, zone),
        kind=kind_label(record.kind),
        details=_details(record, zone),
    )


def kind_label(kind: str) -> str:
    """Return what to call one record of ``kind``."""
    return _KIND_LABELS.get(kind) or as_label(kind) or "Other"


def order_of_visits(item: Visit) -> tuple[bool, float]:
    """Sort visits by their time, those without one last."""
    return item.at is None, item.at.timestamp() if item.at else 0.0


def _details(record: FetchedRecord, zone: ZoneInfo) -> tuple[Detail, ...]:
    if name := line(record.data, NAMED_BY.get(record.kind, "")):
        measured = f"{line(record.data, 'value')} {line(record.data, 'unit')}".strip()
        return (Detail(label=name, value=measured),)
    details = (
        Detail(label=as_label(key), value=_value(record, key, zone))
        for key in list(record.data)[:_MOST_DETAILS]
    )
    return tuple(detail for detail in details if detail.value)


def _value(record: FetchedRecord, key: str, zone: ZoneInfo) -> str:
    at = instant(record.data, key, zone)
    return _in_words(at) if at else passage(record.data, key)


def _in_words(at: datetime) -> str:
    return f"{at.day} {at:%b} {at.year}, {at:%H:%M}"
