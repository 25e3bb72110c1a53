from hypothesis import given
from hypothesis import strategies as st

from local_stack.mailbox.faults import FaultRule, Faults

_ADA = {"ada@example.org"}


def a_fault(rule: FaultRule) -> Faults:
    faults = Faults()
    faults.add(rule)
    return faults


def test_without_rules_nothing_goes_wrong() -> None:
    assert Faults().for_recipients(_ADA) is None
    assert Faults().before_reading() is None


def test_a_rule_for_one_recipient_spares_the_others() -> None:
    faults = a_fault(FaultRule(fault=503, recipient="Ada@example.org"))
    assert faults.for_recipients({"bob@example.org"}) is None
    assert faults.for_recipients(_ADA) is not None


def test_a_rule_ends_after_its_number_of_times() -> None:
    faults = a_fault(FaultRule(fault=429, times=2))
    struck = [faults.for_recipients(_ADA) is not None for _ in range(4)]
    assert struck == [True, True, False, False]


def test_when_the_first_rule_is_used_up_the_next_one_applies() -> None:
    faults = a_fault(FaultRule(fault=429, times=1))
    faults.add(FaultRule(fault=500))
    rules = [faults.for_recipients(_ADA) for _ in range(2)]
    assert [rule.fault for rule in rules if rule] == [429, 500]


@given(st.floats(0.05, 1), st.integers(1, 100))
def test_a_rate_is_kept_exactly_and_not_by_chance(rate: float, requests: int) -> None:
    faults = a_fault(FaultRule(fault=500, rate=rate))
    struck = sum(faults.for_recipients(_ADA) is not None for _ in range(requests))
    assert struck == int(requests * rate)


def test_only_a_drop_for_everybody_happens_before_the_request_is_read() -> None:
    for_all = a_fault(FaultRule(fault="drop_before"))
    assert for_all.before_reading() is not None
    assert for_all.for_recipients(_ADA) is None
    for_one = a_fault(FaultRule(fault="drop_before", recipient="ada@example.org"))
    assert for_one.before_reading() is None
    assert for_one.for_recipients(_ADA) is not None


def test_cleared_rules_are_gone() -> None:
    faults = a_fault(FaultRule(fault=500))
    faults.clear()
    assert faults.for_recipients(_ADA) is None
