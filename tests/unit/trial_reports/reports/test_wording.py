from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.trial_reports.reports.builders import (
    WEEK,
    a_fetched_report,
    a_reading,
)
from trial_reports.periods.models import ReportingPeriod
from trial_reports.reports import wording
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.content import Range

AT = datetime(2026, 11, 18, 8, 5, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("2026-W47", "16 \N{EN DASH} 22 November 2026"),
        ("2026-W49", "30 November \N{EN DASH} 6 December 2026"),
        ("2026-W53", "28 December 2026 \N{EN DASH} 3 January 2027"),
    ],
)
def test_the_days_of_a_week_are_written_shortly(key: str, days: str) -> None:
    period = ReportingPeriod.parse(key, "Europe/Berlin")
    content = build_content(a_fetched_report(period=period, window_start=period.start))
    assert wording.days(content) == days


def test_several_weeks_are_written_from_first_to_last_day() -> None:
    start = WEEK.start - timedelta(weeks=1)
    content = build_content(a_fetched_report(window_start=start))
    assert wording.days(content) == "9 \N{EN DASH} 22 November 2026"


def test_moments_are_written_for_people() -> None:
    assert wording.moment(AT) == "Wed 18 Nov, 08:05"
    assert wording.dated_moment(AT) == "18 Nov 2026, 08:05"


@pytest.mark.parametrize(
    ("normal", "words"),
    [
        (
            Range(low=60, high=100),
            "60\N{NO-BREAK SPACE}\N{EN DASH}\N{NO-BREAK SPACE}100",
        ),
        (Range(high=5), "up to 5"),
        (Range(low=94), "from 94"),
        (None, "\N{EN DASH}"),
    ],
)
def test_a_normal_range_may_be_open(normal: Range | None, words: str) -> None:
    assert wording.normal_range(normal) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (70, (80,), "10 lower than the average of 1 earlier week (80)"),
        (80, (70, 71), "9.5 higher than the average of 2 earlier weeks (70.5)"),
        (80, (80.01,), "the same as the average of 1 earlier week (80)"),
        (80, (), ""),
    ],
)
def test_a_week_is_compared_in_words(
    now: float, before: tuple[float, ...], words: str
) -> None:
    earlier = [a_reading(-7 * (i + 1), value) for i, value in enumerate(before)]
    content = build_content(
        a_fetched_report(a_reading(0, now), earlier_records=earlier)
    )
    assert wording.comparison(content.vital_signs[0]) == words


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("hello", "ltr"),
        ("שלום", "rtl"),
        ("2026: مرحبا hello", "rtl"),
        ("… hello مرحبا", "ltr"),
        ("123", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_first_letter_gives_the_direction(text: str, direction: str) -> None:
    assert wording.direction(text) == direction


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("en", "en"),
        ("de_DE.UTF-8", "de-DE"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ('"><b>', ""),
        ("", ""),
    ],
)
def test_a_locale_becomes_a_language_tag_or_nothing(locale: str, tag: str) -> None:
    assert wording.language(locale) == tag


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (1_500, "1.5 kB"), (64_000_000, "64.0 MB")]
)
def test_sizes_are_written_in_the_unit_people_read(count: int, words: str) -> None:
    assert wording.size(count) == words


def test_a_telephone_number_stays_on_one_line() -> None:
    assert " " not in wording.unbroken_numbers("+49 (30) 555 01 99")
    assert wording.unbroken_numbers("call 112 now") == "call 112 now"


@given(st.text())
def test_places_to_break_change_nothing_else(text: str) -> None:
    endless = text + "x" * 500
    broken = wording.breakable(endless)
    assert broken.replace("\N{ZERO WIDTH SPACE}", "") == endless.replace(
        "\N{ZERO WIDTH SPACE}", ""
    )
    assert max(map(len, broken.split("\N{ZERO WIDTH SPACE}"))) < 200 + len(text)
