"""What a report says: the artifact of the aggregate stage.

Every moment is on the clocks of the period's time zone, every text is fit for
print, and every value is decided: the template only lays out.
"""

from datetime import date, datetime
from typing import Literal

from trial_reports.database.model import Value
from trial_reports.periods.models import ReportingPeriod

Position = Literal["within", "above", "below"]
"""Where a value lies in its normal range."""

FileKind = Literal["photo", "note", "document", "other"]


class Card(Value):
    """One number of the week at a glance."""

    label: str
    value: str
    detail: str = ""


class Visit(Value):
    """A visit that took place, was missed or is still to come."""

    name: str
    status: str
    location: str
    at: datetime | None
    """When it is or was to take place; ``None`` if the record does not say."""
    scheduled: str = ""
    """What the record says instead of a date."""


class Range(Value):
    """The normal range of a measurement; either end may be open."""

    low: float | None = None
    high: float | None = None


class Reading(Value):
    """One measured value; ``value`` is ``None`` if it is not a number."""

    at: datetime
    value: float | None
    shown: str
    normal: Range | None = None
    position: Position | None = None


class Week(Value):
    """The average of one local week; ``mean`` is ``None`` if nothing was measured."""

    monday: str
    mean: float | None = None
    readings: int = 0


class DaySummary(Value):
    """The readings of one day; ``outside`` counts those out of the normal range."""

    day: date
    readings: int
    mean: float
    lowest: float
    highest: float
    outside: int


class Series(Value):
    """One measurement in one unit, in this report and in the weeks before.

    ``readings`` are those of this report, oldest first; ``weeks`` end with the
    reported week; ``decimals`` is how exactly averages are given.
    """

    name: str
    unit: str
    readings: tuple[Reading, ...]
    weeks: tuple[Week, ...] = ()
    normal: Range | None = None
    decimals: int = 1

    @property
    def mean(self) -> float | None:
        """The average of the reported week."""
        return self.weeks[-1].mean if self.weeks else None

    @property
    def earlier_mean(self) -> float | None:
        """The average of the earlier weeks, each counting the same."""
        means = [w.mean for w in self.weeks[:-1] if w.mean is not None]
        return sum(means) / len(means) if means else None


class DiaryEntry(Value):
    """A diary entry; ``mood`` is from 1 (very low) to 5 (very good)."""

    at: datetime
    mood: int | None
    text: str


class AdverseEvent(Value):
    """A health problem reported during the study."""

    at: datetime
    description: str
    severity: str
    status: str


class Message(Value):
    """A message between the participant and the study team."""

    at: datetime
    sender: str
    text: str


class Detail(Value):
    """One field of a record that has no layout of its own."""

    label: str
    value: str


class Entry(Value):
    """A record that has no layout of its own."""

    at: datetime
    kind: str
    details: tuple[Detail, ...] = ()


class Group(Value):
    """All entries of a kind the report has no layout for."""

    title: str
    entries: tuple[Entry, ...]


class ReportFile(Value):
    """A file of the report; ``problem`` says why it cannot be shown.

    Only a photo is read again when the report is rendered, from ``uri``.
    """

    id: str
    uri: str
    sha256: str
    kind: FileKind
    at: datetime
    caption: str
    size: int
    text: str = ""
    problem: str = ""


class ReportContent(Value):
    """Everything that a report says, apart from the bytes of the photos.

    The report covers ``window_start`` to the end of ``period``, which can be
    several weeks. ``records`` counts those in it; what exceeded the limits of
    one report is counted as left out.
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
    quiet: bool
    records: int
    records_left_out: int = 0
    files_left_out: int = 0
    cards: tuple[Card, ...] = ()
    visits: tuple[Visit, ...] = ()
    vital_signs: tuple[Series, ...] = ()
    laboratory: tuple[Series, ...] = ()
    diary: tuple[DiaryEntry, ...] = ()
    adverse_events: tuple[AdverseEvent, ...] = ()
    messages: tuple[Message, ...] = ()
    others: tuple[Group, ...] = ()
    late: tuple[Entry, ...] = ()
    files: tuple[ReportFile, ...] = ()

    @property
    def first_day(self) -> date:
        """The first day that the report covers."""
        return self.window_start.date()

    @property
    def last_day(self) -> date:
        """The last day that the report covers."""
        return date.fromisoformat(self.period.last_day)

    def of_kind(self, kind: FileKind) -> tuple[ReportFile, ...]:
        """Return the files of one kind, oldest first."""
        return tuple(file for file in self.files if file.kind == kind)

    @property
    def photos(self) -> tuple[ReportFile, ...]:
        """The photos to read and normalise before rendering."""
        return tuple(file for file in self.of_kind("photo") if not file.problem)
