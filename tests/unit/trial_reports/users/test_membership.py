"""A membership runs from its first moment until before its last."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import WEDNESDAY, a_membership, a_user
from trial_reports.users.models import User

MOMENTS = st.integers(min_value=-3, max_value=3)


@given(since=MOMENTS, until=st.none() | MOMENTS, asked=MOMENTS)
def test_a_membership_covers_its_beginning_and_not_its_end(
    since: int, until: int | None, asked: int
) -> None:
    days = {day: WEDNESDAY + timedelta(days=day) for day in range(-3, 4)}
    membership = a_membership(
        since=days[since], until=None if until is None else days[until]
    )

    assert membership.covers(days[asked]) == (
        since <= asked and (until is None or asked < until)
    )


def test_who_came_back_takes_part_again() -> None:
    left = a_membership(until=WEDNESDAY - timedelta(days=7))
    back = a_membership(since=WEDNESDAY)
    user = a_user(memberships=(left, back))

    assert user.participates("stu_one", WEDNESDAY)
    assert not user.participates("stu_one", WEDNESDAY - timedelta(days=1))
    assert user.participates("stu_one", WEDNESDAY - timedelta(days=8))


def test_a_person_survives_being_stored() -> None:
    user = a_user()
    row = user.to_row()

    assert row["memberships"][0]["from"] == user.memberships[0].since
    assert User.from_row(row) == user
