"""The week at a glance: one card for each thing that happened."""

from collections.abc import Iterable
from statistics import fmean

from trial_reports.reports.content import Card, DiaryEntry, ReportContent, Series, Visit

MOODS = {1: "very low", 2: "low", 3: "okay", 4: "good", 5: "very good"}
"""The five moods of the diary in words."""


def cards(content: ReportContent) -> tuple[Card, ...]:
    """Return the cards of a report, none for what did not happen."""
    others = sum(len(group.entries) for group in content.others)
    found = (
        _visits(content.visits),
        _measured("Measurements", content.vital_signs),
        _measured("Laboratory results", content.laboratory),
        _diary(content.diary),
        _count("Health problems", len(content.adverse_events), ""),
        _count("Messages", len(content.messages), ""),
        _count("Other records", others, ""),
        _count("Photos", len(content.of_kind("photo")), ""),
        _files(content),
        _count("Added later", len(content.late), "from earlier weeks"),
    )
    return tuple(card for card in found if card)


def _visits(visits: Iterable[Visit]) -> Card | None:
    visits = tuple(visits)
    coming = sum(v.status == "planned" for v in visits)
    missed = sum(v.status == "missed" for v in visits)
    parts = [f"{missed} missed"] if missed else []
    parts += [f"{coming} coming up"] if coming else []
    return _count("Visits", len(visits), ", ".join(parts))


def _measured(label: str, series: Iterable[Series]) -> Card | None:
    readings = [reading for one in series for reading in one.readings]
    ranged = [r.position for r in readings if r.position]
    outside = sum(position != "within" for position in ranged)
    detail = f"{outside or 'none'} outside the normal range" if ranged else ""
    return _count(label, len(readings), detail)


def _diary(entries: Iterable[DiaryEntry]) -> Card | None:
    entries = tuple(entries)
    moods = [entry.mood for entry in entries if entry.mood]
    mood = f"mood on average: {MOODS[round(fmean(moods))]}" if moods else ""
    return _count("Diary entries", len(entries), mood)


def _files(content: ReportContent) -> Card | None:
    notes = len(content.of_kind("note"))
    others = len(content.of_kind("document")) + len(content.of_kind("other"))
    if notes and others:
        return _count("Notes and documents", notes + others, "")
    return _count("Notes" if notes else "Documents", notes + others, "")


def _count(label: str, count: int, detail: str) -> Card | None:
    return Card(label=label, value=str(count), detail=detail) if count else None
