from collections.abc import Iterator
from typing import Any

import pytest

from local_stack.sample_study import Awkwardness, Canaries, Person, SampleStudy

_PLACES = {
    "surname": {"user.name"},
    "email": {"user.email"},
    "diary": {"diary.data.text"},
    "laboratory": {"laboratory.data.value"},
    "note": {"bytes of text/plain"},
    "file_name": {"file.name"},
    "photo_owner": {"bytes of image/jpeg"},
    "treatment_arm": {"data.treatmentArm"},
    "kit": {"randomisation.data.kitNumber", "randomisation.data.text"},
    "unreleased": {"laboratory.data.value"},
}
_CANARIES = Canaries()


@pytest.mark.parametrize("name", _PLACES)
def test_a_canary_is_where_it_belongs_and_nowhere_else(
    sample: SampleStudy, name: str
) -> None:
    canary = getattr(_CANARIES, name)
    blinded = sample.odd(Awkwardness.BLINDED)
    owner = blinded if canary in _CANARIES.blinded else sample.people[0]
    for person in sample.people:
        places = {place for place, value in _values(person) if canary in value}
        assert _short(name, places) == (_PLACES[name] if person is owner else set())


def test_canaries_do_not_contain_one_another() -> None:
    every = [canary.casefold() for canary in _CANARIES.every]
    assert len(every) == len(_PLACES)
    assert not [(a, b) for a in every for b in every if a is not b and a in b]


def test_the_released_canary_is_released_and_in_the_report_week(
    sample: SampleStudy,
) -> None:
    value = float(_CANARIES.laboratory)
    (document,) = (
        d for d in sample.people[0].documents if d.data.get("value") == value
    )
    assert document.released_at is not None
    assert (sample.last_tick - document.recorded_at).days < 7


def _values(person: Person) -> Iterator[tuple[str, str]]:
    yield from _leaves("user", person.user.to_row())
    for document in person.documents:
        yield from _leaves(document.kind, document.to_row())
    for file in person.files:
        data = file.content()
        yield f"bytes of {file.media_type}", data.decode("latin-1")
        yield from _leaves("file", file.metadata("file:///x", data).to_row())


def _leaves(place: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any row
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(f"{place}.{key}", part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(place, part)
    else:
        yield place, str(value)


def _short(name: str, places: set[str]) -> set[str]:
    """Every kind of record holds the treatment arm: leave the kind away."""
    if name != "treatment_arm":
        return places
    return {place.partition(".")[2] for place in places}
