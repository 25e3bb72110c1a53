"""Filters merge by what was said, and compare by what they come to."""

from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import WEDNESDAY, a_membership, a_user
from trial_reports.errors import RequestError
from trial_reports.subscriptions.models import DateRange, FileType, Filters
from trial_reports.subscriptions.subscribing import only_study

ranges = st.sampled_from(get_args(DateRange))
types = st.none() | st.lists(st.sampled_from(get_args(FileType))).map(tuple)
said = st.fixed_dictionaries({}, optional={"date_range": ranges, "file_types": types})
filters = said.map(Filters.model_validate)


@given(filters, said)
def test_what_was_said_counts_and_the_rest_stays(
    present: Filters, wish: dict[str, Any]
) -> None:
    wanted = Filters.model_validate(wish)
    merged = present.merged(wanted)

    for name in Filters.model_fields:
        source = wanted if name in wish else present
        assert getattr(merged, name) == getattr(source, name)
    assert merged.merged(wanted) == merged


@given(filters, st.randoms())
def test_the_order_of_file_types_and_repetitions_make_no_other_wish(
    wish: Filters, chance: Random
) -> None:
    named = list(wish.file_types or ()) * 2
    chance.shuffle(named)
    again = Filters(
        date_range=wish.date_range,
        file_types=None if wish.file_types is None else tuple(named),
    )

    assert wish.asks_for_the_same(again)
    assert len(set(again.file_types or ())) == len(again.file_types or ())


@given(filters, filters)
def test_two_wishes_are_the_same_only_if_they_allow_the_same_files(
    one: Filters, other: Filters
) -> None:
    def allowed(wish: Filters) -> set[str]:
        return set(get_args(FileType) if wish.file_types is None else wish.file_types)

    if one.asks_for_the_same(other):
        assert one.date_range == other.date_range
        assert allowed(one) == allowed(other)


def test_who_takes_part_in_one_study_need_not_name_it() -> None:
    left = a_membership("stu_left", until=WEDNESDAY)
    works_in = a_membership("stu_works_in", role="coordinator")
    own = (a_membership("stu_one"), a_membership("stu_one", site_id="sit_two"))

    assert only_study(a_user(memberships=(left, works_in, *own)), WEDNESDAY) == (
        "stu_one"
    )


@pytest.mark.parametrize(
    ("studies", "code"),
    [((), "study_not_found"), (("stu_one", "stu_two"), "study_not_named")],
)
def test_whose_study_is_not_clear_is_told_so(
    studies: tuple[str, ...], code: str
) -> None:
    user = a_user(memberships=tuple(a_membership(study) for study in studies))

    with pytest.raises(RequestError) as refused:
        only_study(user, WEDNESDAY)

    assert refused.value.code == code
