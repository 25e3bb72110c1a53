from tests.unit.trial_reports.reports.builders import (
    a_fetched_report,
    a_file,
    a_record,
)
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.completeness import completeness


def test_each_kind_says_how_much_of_it_is_shown() -> None:
    photos = [a_file() for _ in range(8)]
    note = a_file(media_type="text/plain", text="Slept well.")
    content = build_content(
        a_fetched_report(a_record("diary", mood=3), files=(*photos, note))
    )
    lines = completeness(content, {photos[3].id: "Damaged."})
    assert [(line.shown, line.of, line.what, line.missing) for line in lines] == [
        (1, 1, "record", 0),
        (7, 8, "photos", 1),
        (1, 1, "note", 0),
    ]


def test_a_quiet_week_has_nothing_to_miss() -> None:
    assert completeness(build_content(a_fetched_report()), {}) == ()
