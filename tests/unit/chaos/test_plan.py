from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.plan import KINDS, plan_storm
from tests.chaos.strikes import ARMS

SEEDS = st.integers(0, 10_000)


@given(SEEDS)
def test_the_same_seed_gives_the_same_storm(seed: int) -> None:
    assert plan_storm(seed, 40, 60) == plan_storm(seed, 40, 60)


@given(SEEDS)
def test_every_kind_of_trouble_comes_while_it_may(seed: int) -> None:
    strikes = plan_storm(seed, 40, 60).strikes
    kinds = {strike.kind for strike in strikes}
    assert all(kinds & set(family) for family in KINDS.values())
    assert all(0 < strike.at <= 60 for strike in strikes)
    assert list(strikes) == sorted(strikes)


def test_twenty_storms_know_nearly_every_strike_and_every_width() -> None:
    storms = [plan_storm(seed, 40, 60) for seed in range(1, 21)]
    seen = {strike.kind for storm in storms for strike in storm.strikes}
    assert len({storm.max_mapped_tasks for storm in storms}) == 3
    assert len(seen) >= 24


def test_every_planned_kind_can_be_carried_out() -> None:
    assert {kind for family in KINDS.values() for kind in family} == set(ARMS)
