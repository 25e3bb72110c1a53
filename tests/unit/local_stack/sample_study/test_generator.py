from datetime import UTC, datetime

import pytest

from local_stack.sample_study import Person, SampleStudy, generate

_TICK = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _bytes(people: tuple[Person, ...]) -> list[bytes]:
    return [file.content() for person in people for file in person.files]


def test_the_same_arguments_give_the_same_rows() -> None:
    assert generate(7, 14, _TICK) == generate(7, 14, _TICK)


def test_the_same_arguments_give_the_same_file_bytes() -> None:
    first, second = (generate(7, 3, _TICK) for _ in range(2))
    assert _bytes(first.people) == _bytes(second.people)


def test_another_seed_gives_other_people_and_other_ids() -> None:
    first, second = generate(7, 14, _TICK), generate(8, 14, _TICK)
    assert not _ids(first) & _ids(second)
    names = [[p.user.name for p in s.people] for s in (first, second)]
    assert names[0] != names[1]


def test_the_people_of_a_small_sample_are_the_first_of_a_large_one(
    sample: SampleStudy,
) -> None:
    assert sample.people[:5] == generate(1, 5, _TICK).people


def test_every_id_is_used_once(sample: SampleStudy) -> None:
    rows = 2 + sum(1 + len(p.documents) + len(p.files) for p in sample.people)
    assert len(_ids(sample)) == rows


def test_nobody_can_be_written_to_outside_the_reserved_domains(
    sample: SampleStudy,
) -> None:
    addresses = {person.user.email for person in sample.people}
    assert len(addresses) == 25
    for address in addresses:
        mailbox, _, domain = address.partition("@")
        assert mailbox.isascii()
        assert domain in {"example.org", "example.net", "example.com"}


def test_people_live_all_over_the_world(sample: SampleStudy) -> None:
    zones = {person.user.time_zone for person in sample.people}
    assert {"Pacific/Auckland", "Pacific/Honolulu", "Asia/Kolkata"} <= zones
    assert {person.user.locale for person in sample.people} == {"en"}


def test_a_sample_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        generate(1, 0, _TICK)


def test_a_tick_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        generate(1, 1, _TICK.replace(tzinfo=None))


def _ids(sample: SampleStudy) -> set[str]:
    return (
        {study.id for study in sample.studies}
        | {person.user.id for person in sample.people}
        | {document.id for person in sample.people for document in person.documents}
        | {file.id for person in sample.people for file in person.files}
    )
