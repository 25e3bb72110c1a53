"""Comparing variants round by round, so that a noisy machine is noisy for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Variant:
    """One way to do something.

    Args:
        name: What the table calls it.
        work: Does it so many times, and raises if it was not done right.
    """

    name: str
    work: Callable[[int], None]


@dataclass(frozen=True)
class Measured:
    """What a variant cost, by rounds.

    ``costs`` are seconds of processor time for one time; ``ratios`` are those to
    the baseline's cost in the same round.
    """

    name: str
    times: int
    costs: Sequence[float]
    ratios: Sequence[float]

    @property
    def cost(self) -> float:
        """The median cost of one time, in seconds."""
        return median(self.costs)

    @property
    def ratio(self) -> float:
        """The median ratio."""
        return median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The ratios' quartiles: half of all rounds lie between."""
        lower, _, upper = quantiles(self.ratios, n=4)
        return lower, upper


def compare(
    baseline: Variant,
    others: Sequence[Variant],
    clock: Callable[[], float],
    *,
    rounds: int,
    times: int,
) -> list[Measured]:
    """Measure variants in turns: A B C, A B C, and so on.

    Args:
        baseline: What the others are compared with.
        others: The others.
        clock: The seconds of processor time used so far by what does the work.
        rounds: How often each gets its turn, at least 2. One more round comes
            before them and is not counted: it fills caches and pools.
        times: How often each does its work in a turn.

    Returns:
        The baseline first, then the others.
    """
    variants = [baseline, *others]
    costs: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for number in range(rounds + 1):
        for variant in variants:
            began = clock()
            variant.work(times)
            if number:
                costs[variant.name].append((clock() - began) / times)
    return [
        Measured(
            name,
            rounds * times,
            spent,
            [one / of for one, of in zip(spent, costs[baseline.name], strict=True)],
        )
        for name, spent in costs.items()
    ]
