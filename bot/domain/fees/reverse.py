"""Backwards: the smallest contract that pays, or costs, so much.

Two truncations make take-home fall by a yen or two where the amount rises by one, so bisection alone would miss the
smallest contract. The unrounded figure never falls, and no rounded one is further from it than `NOISE`: it is
bisected, and the few amounts in doubt are tried one by one.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from bot.domain.fees.estimate import Amounts, ContractTerms, Estimate, compute, estimate, no_rounding, round_down
from bot.domain.types import Yen

MAX_TRUNCATION_ERROR: Final = 8
"""Yen by which all truncations together can move a figure; at most six of them, each below one yen."""

MAX_STEP: Final = 12
"""Yen by which a figure can change from one amount to the next."""


class SolveFor(StrEnum):
    """What is to reach the target."""

    TAKE_HOME = "take_home"
    CLIENT_PAYS = "client_pays"


@dataclass(frozen=True, slots=True)
class ReverseResult:
    """The smallest contract whose goal reaches `target`; the nearest figures strictly beside it, if any."""

    goal: SolveFor
    contract: Yen
    """In the basis of the terms' tax."""
    estimate: Estimate
    target: Yen
    exact: bool
    nearest_below: Yen | None
    nearest_above: Yen | None


def _amount_getter(goal: SolveFor) -> Callable[[Amounts], Fraction]:
    return (lambda found: found.take_home) if goal is SolveFor.TAKE_HOME else (lambda found: found.client_pays)


def solve(goal: SolveFor, target: Yen, terms: ContractTerms) -> ReverseResult:
    """The smallest contract that reaches the target. It may pass the limit of what can be asked for."""
    read = _amount_getter(goal)

    def at_least(amount: int, level: int) -> bool:
        return read(compute(amount, terms, no_rounding)) >= level

    def smallest_contract(level: int) -> int:
        """The smallest amount whose unrounded figure reaches `level`."""
        top = 1
        while not at_least(top, level):
            top *= 2
        return bisect_left(range(1, top + 1), x=True, key=lambda amount: at_least(amount, level)) + 1

    values = {
        amount: int(read(compute(amount, terms, round_down)))
        for amount in range(
            smallest_contract(target - MAX_TRUNCATION_ERROR - MAX_STEP),
            smallest_contract(target + MAX_TRUNCATION_ERROR + MAX_STEP) + 1,
        )
    }
    contract = min(amount for amount, value in values.items() if value >= target)
    below = [value for value in values.values() if value < target]
    above = [value for value in values.values() if value > target]
    return ReverseResult(
        goal,
        Yen(contract),
        estimate(contract, terms),
        target,
        values[contract] == target,
        Yen(max(below)) if below else None,
        Yen(min(above)) if above else None,
    )
