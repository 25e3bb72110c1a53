"""Builders of fetched reports and photos; Berlin, week 47 of 2026."""

import io
import struct
import zlib
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from trial_reports.identifiers import new_id
from trial_reports.periods.models import ReportingPeriod
from trial_reports.reports.fetched import FetchedFile, FetchedRecord, FetchedReport

WEEK = ReportingPeriod.parse("2026-W47", "Europe/Berlin")
MAX_PIXELS = 1_000_000


def moment(day: int = 0, hour: int = 8, minute: int = 0) -> datetime:
    """Return a moment of the week; day 0 is Monday, negative days lie before."""
    return WEEK.start + timedelta(days=day, hours=hour, minutes=minute)


def a_record(kind: str, at: datetime | None = None, **data: Any) -> FetchedRecord:
    return FetchedRecord(
        id=new_id("doc"), kind=kind, recorded_at=at or moment(), data=data
    )


def a_reading(day: int, value: object, **data: Any) -> FetchedRecord:
    defaults = {"measurement": "Heart rate", "unit": "bpm", "low": 60, "high": 100}
    return a_record("vital_signs", moment(day), value=value, **defaults | data)


def a_file(**changes: Any) -> FetchedFile:
    defaults: dict[str, Any] = {
        "id": new_id("fil"),
        "uri": "s3://uploads/8f3a",
        "recorded_at": moment(1),
        "media_type": "image/jpeg",
        "size": 1_400_000,
        "sha256": "0" * 64,
    }
    return FetchedFile(**defaults | changes)


def a_fetched_report(*records: FetchedRecord, **changes: Any) -> FetchedReport:
    defaults: dict[str, Any] = {
        "job_id": "job_one",
        "study_title": "A study of examples",
        "study_contact": "study@example.org",
        "emergency": "112",
        "name": "Ada Example",
        "locale": "en",
        "period": WEEK,
        "window_start": WEEK.start,
        "cut_off": WEEK.end + timedelta(hours=13),
        "records": records,
    }
    return FetchedReport(**defaults | changes)


def a_photo(
    size: tuple[int, int] = (64, 48),
    *,
    mode: str = "RGB",
    colour: tuple[int, ...] | int = 0,
    encoding: str = "JPEG",
    **options: Any,
) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size, colour).save(data, encoding, **options)
    return data.getvalue()


def a_huge_photo(side: int = 9_400) -> bytes:
    """Return a tiny PNG whose header announces as much as Pillow just bears."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
