"""The reverse of an estimate: the smallest contract that pays, or costs, a target amount.

Two truncations make the take-home amount fall by a yen or two where the contract rises by one, so bisection of the
rounded figures would miss the smallest contract. The exact figure never falls, and no rounded one differs from it by
more than `MAX_TRUNCATION_ERROR`: the exact figure is bisected, and the few contracts left are computed one by one.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from bot.domain.fees.estimate import ContractTerms, Estimate, Rounding, compute, estimate, no_rounding, round_down
from bot.domain.types import Yen

MAX_TRUNCATION_ERROR: Final = 8
"""Yen by which all truncations together can change a figure: at most six of them, each below one yen."""

MAX_STEP: Final = 12
"""Yen by which a figure can change from one amount to the next."""


class SolveFor(StrEnum):
    """The figure that has to reach the target."""

    TAKE_HOME = "take_home"
    CLIENT_PAYS = "client_pays"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseResult:
    """The smallest contract whose figure reaches `target`, and the nearest figures below and above the target."""

    goal: SolveFor
    contract: Yen
    """With or without tax, as the terms say."""
    estimate: Estimate
    target: Yen
    exact: bool
    nearest_below: Yen | None
    nearest_above: Yen | None


def solve(goal: SolveFor, target: Yen, terms: ContractTerms) -> ReverseResult:
    """The smallest contract that reaches the target. It can be larger than the amounts that members can type."""

    def figure(amount: int, rounding: Rounding) -> Fraction:
        amounts = compute(amount, terms, rounding)
        return amounts.take_home if goal is SolveFor.TAKE_HOME else amounts.client_pays

    def smallest_contract(level: int) -> int:
        """The smallest amount whose exact figure reaches `level`."""
        top = 1
        while figure(top, no_rounding) < level:
            top *= 2
        return bisect_left(range(1, top + 1), Fraction(level), key=lambda amount: figure(amount, no_rounding)) + 1

    figures = {
        amount: int(figure(amount, round_down))
        for amount in range(
            smallest_contract(target - MAX_TRUNCATION_ERROR - MAX_STEP),
            smallest_contract(target + MAX_TRUNCATION_ERROR + MAX_STEP) + 1,
        )
    }
    contract = min(amount for amount, value in figures.items() if value >= target)
    below = [value for value in figures.values() if value < target]
    above = [value for value in figures.values() if value > target]
    return ReverseResult(
        goal=goal,
        contract=Yen(contract),
        estimate=estimate(contract, terms),
        target=target,
        exact=figures[contract] == target,
        nearest_below=Yen(max(below)) if below else None,
        nearest_above=Yen(min(above)) if above else None,
    )
