"""What a role gives, and from when until when."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_NOON, a_membership
from trial_reports.access.caller import EVERY_STUDY, Caller
from trial_reports.access.scope import Scope
from trial_reports.users.models import Membership

OWN = Scope.own("usr_one")


@pytest.mark.parametrize(
    ("place", "more"),
    [
        (a_membership(site_id="site_a"), Scope.nothing()),
        (
            a_membership(role="coordinator", site_id="site_a"),
            Scope.sites({"stu_one": ["site_a"]}),
        ),
        (a_membership(role="coordinator"), Scope.study("stu_one")),
        (a_membership(role="operator"), Scope.study("stu_one")),
        (a_membership(EVERY_STUDY, role="operator"), Scope.everything()),
        (a_membership(EVERY_STUDY, role="coordinator"), Scope.study(EVERY_STUDY)),
        (a_membership(role="root"), Scope.nothing()),
    ],
)
def test_everybody_sees_their_own_and_what_their_role_gives(
    place: Membership, more: Scope
) -> None:
    assert Caller("usr_one", (place,)).scope(MONDAY_NOON) == OWN | more


def test_two_places_give_both() -> None:
    places = (
        a_membership(role="coordinator", site_id="site_a"),
        a_membership("stu_two", role="coordinator", site_id="site_b"),
    )

    scope = Caller("usr_one", places).scope(MONDAY_NOON)

    assert scope == OWN | Scope.sites({"stu_one": ["site_a"], "stu_two": ["site_b"]})


def test_a_place_gives_nothing_before_it_begins_and_once_it_is_over() -> None:
    soon = MONDAY_NOON + timedelta(microseconds=1)
    ended = a_membership(EVERY_STUDY, role="operator", until=MONDAY_NOON)
    to_come = a_membership(EVERY_STUDY, role="operator", since=soon)
    caller = Caller("usr_one", (ended, to_come))

    assert caller.scope(MONDAY_NOON) == OWN
    assert not caller.operates("stu_one", MONDAY_NOON)
    assert caller.scope(soon) == OWN | Scope.everything()
    assert caller.operates("stu_one", soon)


def test_an_operator_of_one_study_operates_no_other() -> None:
    caller = Caller("usr_one", (a_membership(role="operator"),))

    assert caller.operates("stu_one", MONDAY_NOON)
    assert not caller.operates("stu_two", MONDAY_NOON)
