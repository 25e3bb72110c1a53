"""What fetch hands to aggregate: everything allowed into one person's report."""

from datetime import datetime
from typing import Any

from trial_reports.database.model import Value
from trial_reports.periods.models import ReportingPeriod


class FetchedRecord(Value):
    """A record reduced to the fields its study lists for participants."""

    id: str
    kind: str
    recorded_at: datetime
    data: dict[str, Any]


class FetchedFile(Value):
    """A file of the period, looked at but not yet rendered.

    ``media_type`` is what its content was recognised as; ``text`` is the
    decoded content of a text file; ``problem`` says, in words meant for the
    participant, why the file cannot be shown (``media_type`` is then what the
    uploader claimed).
    """

    id: str
    uri: str
    recorded_at: datetime
    caption: str = ""
    media_type: str | None = None
    size: int
    sha256: str
    text: str | None = None
    problem: str | None = None


class FetchedReport(Value):
    """The artifact of the fetch stage.

    ``records`` and ``files`` lie in the report's window (``window_start`` to
    ``period.end``), ``earlier_records`` in the eight weeks before it, and
    ``late_records`` are older than the window but were stored or released
    after the previous report's data cut-off. Lists are ordered by
    ``recorded_at``, oldest first. What exceeds the limits of one report is
    counted as left out.
    """

    job_id: str
    study_title: str
    study_contact: str
    emergency: str
    name: str
    locale: str
    period: ReportingPeriod
    window_start: datetime
    cut_off: datetime
    records: tuple[FetchedRecord, ...] = ()
    records_left_out: int = 0
    earlier_records: tuple[FetchedRecord, ...] = ()
    late_records: tuple[FetchedRecord, ...] = ()
    files: tuple[FetchedFile, ...] = ()
    files_left_out: int = 0
