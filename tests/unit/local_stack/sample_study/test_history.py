from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from local_stack.sample_study import Person, SampleStudy, generate
from local_stack.sample_study.weeks import WEEKS, Weeks

_MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
ticks = st.integers(0, 260).map(lambda weeks: _MONDAY + timedelta(weeks=weeks))


def _weeks(sample: SampleStudy, person: Person) -> Weeks:
    return Weeks(sample.last_tick, person.user.time_zone)


@settings(max_examples=15, deadline=None)
@given(st.integers(), ticks)
def test_everything_lies_in_the_six_weeks_and_is_stored_by_the_tick(
    seed: int, tick: datetime
) -> None:
    sample = generate(seed, 13, tick)
    for person in sample.people:
        weeks = _weeks(sample, person)
        start, end = weeks.period(WEEKS - 1).start, weeks.period(0).end
        assert end <= tick
        for document in person.documents:
            assert start <= document.recorded_at < document.stored_at <= tick
            assert document.recorded_at < end
            assert document.released_at is None or document.released_at <= tick
        for file in person.files:
            assert weeks.period(0).start <= file.recorded_at < end


@settings(max_examples=15, deadline=None)
@given(ticks)
def test_everybody_is_a_member_and_in_the_report_week_when_they_subscribe(
    tick: datetime,
) -> None:
    sample = generate(1, 13, tick)
    for person in sample.people:
        week = _weeks(sample, person).period(0)
        assert week.start < sample.subscribed_at < week.end
        for study_id in person.subscribes_to:
            assert person.user.participates(study_id, sample.subscribed_at)
            assert person.user.participates(study_id, person.documents[0].recorded_at)


def test_every_week_has_measurements_and_diary_entries(sample: SampleStudy) -> None:
    for person in (sample.people[0], *sample.people[12:]):
        for weeks_ago in range(WEEKS):
            week = _weeks(sample, person).period(weeks_ago)
            kinds = Counter(
                document.kind
                for document in person.documents
                if week.start <= document.recorded_at < week.end
            )
            assert kinds["vital_signs"] == 11
            assert kinds["diary"] >= 3


def test_the_report_week_has_released_laboratory_values(sample: SampleStudy) -> None:
    for person in sample.people[12:]:
        week = _weeks(sample, person).period(0)
        results = [
            document
            for document in person.documents
            if document.kind == "laboratory" and document.recorded_at >= week.start
        ]
        assert len(results) == 4
        assert all(document.released_at for document in results)


def test_blood_pressure_falls_over_the_weeks(sample: SampleStudy) -> None:
    def average(weeks_ago: int) -> float:
        values: list[float] = [
            document.data["value"]
            for person in sample.people
            for document in person.documents
            if document.data.get("measurement") == "Systolic blood pressure"
            and document.recorded_at >= _weeks(sample, person).period(weeks_ago).start
            and document.recorded_at < _weeks(sample, person).period(weeks_ago).end
        ]
        return sum(values) / len(values)

    assert average(0) < average(WEEKS - 1) - 3


def test_some_records_arrive_after_the_report_they_belonged_to(
    sample: SampleStudy,
) -> None:
    previous_tick = sample.last_tick - timedelta(weeks=1)
    late = [
        person.user.id
        for person in sample.people
        for document in person.documents
        if document.recorded_at < _weeks(sample, person).period(0).start
        and document.stored_at > previous_tick
    ]
    assert sample.people[0].user.id in late
    assert 2 <= len(set(late)) < 15


def test_records_hold_what_the_studies_let_participants_see(
    sample: SampleStudy,
) -> None:
    allowed = sample.studies[0].participant_report.kinds
    shown: dict[str, set[str]] = {}
    for person in sample.people[12:]:
        for document in person.documents:
            shown.setdefault(document.kind, set()).update(document.data)
    listed = {kind: set(rule.fields) for kind, rule in allowed.items()}
    assert listed.pop("file") == {"caption"}
    assert shown == listed
