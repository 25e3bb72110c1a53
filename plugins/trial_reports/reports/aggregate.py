"""From what was fetched to what the report says: pure, and never at a loss."""

from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from trial_reports.reports import sections
from trial_reports.reports.content import (
    FileKind,
    Group,
    ReportContent,
    ReportFile,
    Series,
)
from trial_reports.reports.fetched import FetchedFile, FetchedRecord, FetchedReport
from trial_reports.reports.glance import cards
from trial_reports.reports.series import build_series
from trial_reports.reports.values import local, printable


def build_content(fetched: FetchedReport) -> ReportContent:
    """Return what the report about ``fetched`` says.

    Whatever a record holds, it appears: a field that is missing as a dash, one
    of the wrong type as text.

    Args:
        fetched: All that is allowed into this person's report.
    """
    zone = ZoneInfo(fetched.period.time_zone)
    kinds = _by_kind(fetched.records)
    visits = (sections.visit(record, zone) for record in kinds.pop("visit", ()))
    diary = kinds.pop("diary", ())
    events = kinds.pop("adverse_event", ())
    messages = kinds.pop("message", ())
    content = ReportContent(
        job_id=fetched.job_id,
        study_title=fetched.study_title,
        study_contact=fetched.study_contact,
        emergency=fetched.emergency,
        name=fetched.name,
        locale=fetched.locale,
        period=fetched.period,
        window_start=local(fetched.window_start, zone),
        cut_off=local(fetched.cut_off, zone),
        quiet=not (fetched.records or fetched.late_records or fetched.files),
        records=len(fetched.records),
        records_left_out=fetched.records_left_out,
        files_left_out=fetched.files_left_out,
        visits=tuple(sorted(visits, key=sections.order_of_visits)),
        vital_signs=_measured("vital_signs", kinds.pop("vital_signs", ()), fetched),
        laboratory=_measured("laboratory", kinds.pop("laboratory", ()), fetched),
        diary=tuple(sections.diary_entry(record, zone) for record in diary),
        adverse_events=tuple(sections.adverse_event(r, zone) for r in events),
        messages=tuple(sections.message(record, zone) for record in messages),
        others=tuple(_group(kind, of, zone) for kind, of in sorted(kinds.items())),
        late=tuple(sections.entry(record, zone) for record in fetched.late_records),
        files=tuple(_file(file, zone) for file in fetched.files),
    )
    return content.model_copy(update={"cards": cards(content)})


def _by_kind(records: Iterable[FetchedRecord]) -> dict[str, list[FetchedRecord]]:
    kinds: dict[str, list[FetchedRecord]] = defaultdict(list)
    for record in records:
        kinds[record.kind].append(record)
    return dict(kinds)


def _measured(
    kind: str, records: Iterable[FetchedRecord], fetched: FetchedReport
) -> tuple[Series, ...]:
    # What was added late belongs to its own week, whichever list it came in.
    known = (*fetched.earlier_records, *fetched.late_records)
    earlier = {record.id: record for record in known if record.kind == kind}
    return build_series(
        records, earlier.values(), fetched.period, named_by=sections.NAMED_BY[kind]
    )


def _group(kind: str, records: Iterable[FetchedRecord], zone: ZoneInfo) -> Group:
    return Group(
        title=sections.kind_label(kind),
        entries=tuple(sections.entry(record, zone) for record in records),
    )


def _file(file: FetchedFile, zone: ZoneInfo) -> ReportFile:
    return ReportFile(
        id=file.id,
        uri=file.uri,
        sha256=file.sha256,
        kind=_file_kind(file),
        at=local(file.recorded_at, zone),
        caption=printable(file.caption).strip(),
        size=file.size,
        text=printable(file.text or "").strip(),
        problem=file.problem or "",
    )


def _file_kind(file: FetchedFile) -> FileKind:
    media_type = file.media_type or ""
    if media_type.startswith("image/"):
        return "photo"
    if media_type == "application/pdf":
        return "document"
    if media_type.startswith("text/") or file.text is not None:
        return "note"
    return "other"
