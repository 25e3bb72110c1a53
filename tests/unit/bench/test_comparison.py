"""Turns, ratios and the clock of the measurements."""

import os
import subprocess
import sys
import time

import pytest

from bench.comparison import Variant, compare
from bench.processor_clock import processor_clock


class Machine:
    """Spends time as it is told to, slower from round to round."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.turns: list[str] = []

    def variant(self, name: str, costs: list[float]) -> Variant:
        left = iter(costs)

        def work(times: int) -> None:
            self.turns.append(name)
            self.spent += times * next(left)

        return Variant(name, work)

    def clock(self) -> float:
        return self.spent


def test_variants_take_turns_and_the_first_round_does_not_count() -> None:
    machine = Machine()
    plain = machine.variant("plain", [99, 1, 2, 4])
    other = machine.variant("other", [99, 3, 6, 16])

    one, two = compare(plain, [other], machine.clock, rounds=3, times=10)

    assert machine.turns == ["plain", "other"] * 4
    assert (one.name, one.times, one.cost, one.ratio) == ("plain", 30, 2, 1)
    assert (two.name, two.times, two.cost) == ("other", 30, 6)
    # Each is compared with the baseline of its own round.
    assert list(two.ratios) == [3, 3, 4]
    assert two.ratio == 3
    assert two.spread == (3, 4)


def test_the_clock_counts_what_a_process_spends_and_not_what_others_do() -> None:
    waiting = [sys.executable, "-c", "print('ready', flush=True); input()"]
    with subprocess.Popen(
        waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        own, of_the_child = processor_clock(os.getpid()), processor_clock(child.pid)
        mine, its = own(), of_the_child()
        until = time.process_time() + 0.2
        while time.process_time() < until:
            pass

        assert own() - mine >= 0.2
        # What is left of starting to wait is far less than that.
        assert of_the_child() - its < 0.1
        child.communicate(b"\n", timeout=30)


def test_a_process_that_is_not_there_has_no_clock() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(30)

    with pytest.raises(OSError, match="No such process"):
        processor_clock(gone.pid)
