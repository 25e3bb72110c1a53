import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.trial_reports.reports.builders import (
    WEEK,
    a_fetched_report,
    a_file,
    a_reading,
    a_record,
    moment,
)
from trial_reports.documents.models import Kind
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.content import ReportContent

FIELDS = (
    "name",
    "status",
    "location",
    "scheduledFor",
    "measurement",
    "analyte",
    "value",
    "unit",
    "low",
    "high",
    "mood",
    "text",
    "description",
    "severity",
    "from",
)
TEXT = st.text(st.characters(), max_size=20)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=5,
)
KINDS = st.sampled_from(get_args(Kind)) | st.text(max_size=8)
DATA = st.dictionaries(st.sampled_from(FIELDS) | TEXT, ANYTHING, max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(KINDS, DATA, st.integers(-70, 6)), max_size=6))
def test_no_record_can_stop_the_report(
    records: list[tuple[str, dict[str, Any], int]],
) -> None:
    made = [a_record(kind, moment(day)) for kind, _, day in records]
    made = [
        record.model_copy(update={"data": data})
        for record, (_, data, _) in zip(made, records, strict=True)
    ]
    content = build_content(
        a_fetched_report(*made, earlier_records=made, late_records=made)
    )
    assert content.records == len(made)
    assert ReportContent.model_validate_json(content.model_dump_json()) == content


def test_every_kind_has_its_place() -> None:
    content = build_content(
        a_fetched_report(
            a_record("visit", name="Week 6", status="done"),
            a_reading(0, 70),
            a_record("laboratory", analyte="Sodium", value=140, unit="mmol/L"),
            a_record("diary", mood=4, text="A walk."),
            a_record("adverse_event", description="Headache", severity="mild"),
            a_record("message", None, **{"from": "Nurse", "text": "See you."}),
            a_record("device_sync", stepsTotal=48_211),
        )
    )
    assert content.visits[0].name == "Week 6"
    assert content.vital_signs[0].name == "Heart rate"
    assert content.laboratory[0].name == "Sodium"
    assert content.diary[0].mood == 4
    assert content.adverse_events[0].description == "Headache"
    assert content.messages[0].sender == "Nurse"
    assert content.others[0].title == "Device sync"
    assert content.others[0].entries[0].details[0].label == "Steps total"
    assert [card.label for card in content.cards] == [
        "Visits",
        "Measurements",
        "Laboratory results",
        "Diary entries",
        "Health problems",
        "Messages",
        "Other records",
    ]


def test_a_week_without_anything_is_quiet() -> None:
    content = build_content(a_fetched_report(earlier_records=(a_reading(-7, 70),)))
    assert content.quiet
    assert content.cards == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"records": (a_reading(0, 70),)},
        {"late_records": (a_reading(-9, 70),)},
        {"files": (a_file(problem="Damaged."),)},
    ],
)
def test_a_week_with_anything_is_not_quiet(changes: dict[str, Any]) -> None:
    content = build_content(a_fetched_report(**changes))
    assert not content.quiet
    assert content.cards


def test_times_are_those_of_the_participants_zone() -> None:
    content = build_content(a_fetched_report(a_record("diary", moment(0, hour=0))))
    assert f"{content.diary[0].at:%a %H:%M}" == "Mon 00:00"
    assert f"{content.cut_off:%a %H:%M}" == "Mon 13:00"


def test_visits_are_in_the_order_of_their_dates_and_undated_ones_last() -> None:
    content = build_content(
        a_fetched_report(
            a_record("visit", name="undated", status="planned"),
            a_record("visit", name="call", scheduledFor="when convenient"),
            a_record("visit", name="next", scheduledFor="2026-12-02T09:30:00+01:00"),
            a_record("visit", moment(2), name="held", status="Done"),
        )
    )
    assert [visit.name for visit in content.visits] == [
        "held",
        "next",
        "undated",
        "call",
    ]
    assert content.visits[0].at == moment(2)
    assert content.visits[3].scheduled == "when convenient"


@pytest.mark.parametrize("mood", [0, 6, 3.5, "4", None, True])
def test_a_mood_outside_the_scale_is_left_out(mood: object) -> None:
    content = build_content(a_fetched_report(a_record("diary", mood=mood, text="Hm.")))
    assert content.diary[0].mood is None
    assert content.diary[0].text == "Hm."


def test_late_records_are_listed_and_count_in_their_own_week_once() -> None:
    late = a_reading(-7, 90)
    content = build_content(
        a_fetched_report(
            a_reading(0, 70), earlier_records=(late,), late_records=(late,)
        )
    )
    assert content.late[0].details[0].label == "Heart rate"
    assert content.late[0].details[0].value == "90 bpm"
    assert content.vital_signs[0].weeks[-2].readings == 1


def test_files_are_sorted_by_what_they_hold() -> None:
    content = build_content(
        a_fetched_report(
            files=(
                a_file(caption="Elbow"),
                a_file(media_type="text/plain", text="I slept well."),
                a_file(media_type="application/pdf", caption=" Letter "),
                a_file(media_type=None, problem="Not recognised."),
                a_file(problem="Too large."),
            )
        )
    )
    assert [file.kind for file in content.files] == [
        "photo",
        "note",
        "document",
        "other",
        "photo",
    ]
    assert content.of_kind("note")[0].text == "I slept well."
    assert content.of_kind("document")[0].caption == "Letter"
    assert len(content.photos) == 1


def test_a_report_of_several_weeks_begins_with_its_window() -> None:
    start = WEEK.start - timedelta(weeks=3)
    content = build_content(a_fetched_report(window_start=start))
    assert (content.first_day.isoformat(), content.last_day.isoformat()) == (
        "2026-10-26",
        "2026-11-22",
    )


def test_aggregating_needs_neither_weasyprint_nor_pillow() -> None:
    loaded = (
        "import sys, trial_reports.reports.aggregate;"
        "sys.exit(bool({'PIL', 'weasyprint'} & set(sys.modules)))"
    )
    plugins = Path(__file__).parents[4] / "plugins"
    command = [sys.executable, "-c", loaded]
    assert subprocess.run(command, check=False, cwd=plugins).returncode == 0
