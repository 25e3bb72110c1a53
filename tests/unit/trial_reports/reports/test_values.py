import json
import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_reports.reports.values import (
    as_label,
    as_number,
    as_text,
    instant,
    line,
    number,
    passage,
    printable,
)

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("value", [0, -3.5, 120, 1e11])
def test_a_plausible_number_is_a_number(value: float) -> None:
    assert number({"value": value}, "value") == value


@pytest.mark.parametrize(
    "value", ["120", True, None, math.nan, math.inf, 10**400, 1e300, [1], {}]
)
def test_anything_else_is_left_out_of_charts(value: object) -> None:
    assert number({"value": value}, "value") is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (120.0, "120"),
        (0.1 + 0.2, "0.3"),
        (-4, "\N{MINUS SIGN}4"),
        (math.nan, "not a number"),
        (10**400, "too large to print"),
        (["itch", 3], "itch, 3"),
        ({"left": [1]}, '{"left": [1]}'),
    ],
)
def test_every_value_has_a_readable_form(value: object, shown: str) -> None:
    assert as_text(value) == shown


@given(st.floats(-1e12, 1e12))
def test_a_printed_number_is_the_number(value: float) -> None:
    printed = as_number(value).replace("\N{MINUS SIGN}", "-")
    assert float(printed) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("sleepQuality", "Sleep quality"),
        ("device_sync", "Device sync"),
        ("ECG", "ECG"),
        ("", ""),
    ],
)
def test_stored_names_become_words(name: str, label: str) -> None:
    assert as_label(name) == label


def test_a_moment_is_shown_on_the_local_clock() -> None:
    stored = {"at": "2026-11-18T08:00:00Z", "then": datetime(2026, 7, 1, 8, tzinfo=UTC)}
    at, then = instant(stored, "at", BERLIN), instant(stored, "then", BERLIN)
    assert at is not None
    assert at.hour == 9
    assert then is not None
    assert then.hour == 10


@pytest.mark.parametrize("value", ["2026-11-18", "soon", "2026-99-99T08:00", 5, None])
def test_what_is_no_moment_is_not_taken_for_one(value: object) -> None:
    assert instant({"at": value}, "at", BERLIN) is None


def test_a_passage_keeps_its_lines_and_a_line_does_not() -> None:
    data = {"text": "  first\nsecond "}
    assert passage(data, "text") == "first\nsecond"
    assert line(data, "text") == "first second"


def test_endless_text_is_cut_and_says_so() -> None:
    assert len(passage({"text": "x" * 10**6}, "text")) < 5_000
    assert passage({"text": "x" * 10**6}, "text").endswith("(shortened)")


@given(st.text(st.characters(), max_size=50))
def test_printable_text_can_always_be_written(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert "\x00" not in shown


def test_emoji_and_every_script_stay_as_they_are() -> None:
    text = "👩‍⚕️ שלום مرحبا 今日は हिन्दी"
    assert printable(text) == text


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=10))
def test_nested_lists_are_shown_too(value: object) -> None:
    json.dumps(as_text(value)).encode()
