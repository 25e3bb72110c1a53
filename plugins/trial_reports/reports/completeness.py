"""How complete a report is, said on its first page."""

from collections.abc import Mapping

from trial_reports.database.model import Value
from trial_reports.reports.content import FileKind, ReportContent

_KINDS: tuple[tuple[FileKind, str, str], ...] = (
    ("photo", "photo", "photos"),
    ("note", "note", "notes"),
    ("document", "document", "documents"),
    ("other", "other file", "other files"),
)


class Shown(Value):
    """How many of one kind are in the report: ``7 of 8 photos``."""

    what: str
    shown: int
    of: int

    @property
    def missing(self) -> int:
        """How many could not be shown."""
        return self.of - self.shown


def completeness(
    content: ReportContent, problems: Mapping[str, str]
) -> tuple[Shown, ...]:
    """Return what there was of each kind and how much of it could be shown.

    Args:
        content: The report.
        problems: The reason for each file that cannot be shown, by its id.
    """
    records = content.records + len(content.late)
    lines = [_line(records, records, "record", "records")]
    for kind, one, many in _KINDS:
        files = content.of_kind(kind)
        shown = sum(file.id not in problems for file in files)
        lines.append(_line(shown, len(files), one, many))
    return tuple(line for line in lines if line.of)


def _line(shown: int, of: int, one: str, many: str) -> Shown:
    return Shown(what=one if of == 1 else many, shown=shown, of=of)
