"""The reverse of an estimate: the smallest contract that pays, or costs, a target; the largest that a budget allows.

Two truncations make the take-home amount fall by a yen or two where the contract rises by one, so bisection of the
rounded figures would miss the smallest contract. The exact figure never falls, and no rounded one differs from it by
more than `MAX_TRUNCATION_ERROR` a piece: the exact figure is bisected, and the few contracts left are computed one by
one. What the client pays never falls, rounded or not.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Final

from bot.domain.fees.amounts import Rounding, compute_fee_amounts, keep_fraction_of_yen, round_down_to_yen
from bot.domain.fees.estimate import Estimate, estimate_fees, estimate_hourly_fees
from bot.domain.fees.terms import ContractTerms, pay_of_hours
from bot.domain.types import Yen

MAX_TRUNCATION_ERROR: Final = 10
"""Yen by which all truncations together can change a figure of a piece: at most seven, each of about one yen."""


class SolveFor(StrEnum):
    """The figure that has to reach the target."""

    TAKE_HOME = "take_home"
    CLIENT_PAYS = "client_pays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract and its estimate."""

    amount: Yen
    """Of one piece, with or without tax, as the terms say."""
    hourly_rate: Yen | None
    """Where hours were given."""
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseResult:
    """The smallest contract whose figure reaches `target`, and the nearest figures below and above the target."""

    solve_for: SolveFor
    smallest: Contract
    within_budget: Contract | None
    """For `CLIENT_PAYS`: the largest contract that costs the client no more than the target; None if there is none."""
    target: Yen
    exact: bool
    nearest_below: Yen | None
    nearest_above: Yen | None

    @property
    def shown(self) -> Contract:
        """The contract that answers the question: within a budget the largest, else the smallest."""
        return self.within_budget or self.smallest


class _Search:
    """The contracts that are possible: one a yen, or with hours one a yen of the hourly rate."""

    def __init__(self, solve_for: SolveFor, terms: ContractTerms, hours: Fraction | None) -> None:
        self._solve_for = solve_for
        self._terms = terms
        self._hours = hours
        self.least = 1 if hours is None else ceil(1 / hours)
        """The least unit that makes a yen."""

    def figure(self, unit: int, rounding: Rounding) -> Fraction:
        amount = Fraction(unit) if self._hours is None else rounding(self._hours * unit)
        amounts = compute_fee_amounts(amount, self._terms, rounding)
        piece = amounts.take_home if self._solve_for is SolveFor.TAKE_HOME else amounts.client_pays
        return piece * self._terms.count

    def exact_figure(self, unit: int) -> Fraction:
        return self.figure(unit, keep_fraction_of_yen)

    def rounded_figure(self, unit: int) -> int:
        return int(self.figure(unit, round_down_to_yen))

    def smallest_unit(self, level: int) -> int:
        """The smallest unit whose exact figure reaches `level`."""
        top = self._units_that_reach(level)
        return self.least + bisect_left(range(self.least, top + 1), Fraction(level), key=self.exact_figure)

    def largest_unit(self, limit: int) -> int:
        """The largest unit whose rounded figure does not pass `limit`, 0 if every one does. Not for take-home."""
        units = range(self.least, self._units_that_reach(limit + 1) + 1)
        within = bisect_right(units, limit, key=self.rounded_figure)
        return units[within - 1] if within else 0

    def _units_that_reach(self, level: int) -> int:
        top = self.least
        while self.rounded_figure(top) < level or self.exact_figure(top) < level:
            top *= 2
        return top

    def contract(self, unit: int) -> Contract:
        if self._hours is None:
            return Contract(amount=Yen(unit), hourly_rate=None, estimate=estimate_fees(unit, self._terms))
        pay, _ = pay_of_hours(self._hours, Yen(unit))
        estimate = estimate_hourly_fees(self._hours, Yen(unit), self._terms)
        return Contract(amount=pay, hourly_rate=Yen(unit), estimate=estimate)


def find_contracts_for_target(
    solve_for: SolveFor, target: Yen, terms: ContractTerms, hours: Fraction | None = None
) -> ReverseResult:
    """The contracts for a target, which is that of all pieces; with `hours`, those that a whole hourly rate gives.

    A contract can be larger than the amounts that members can type.
    """
    search, max_difference = _Search(solve_for, terms, hours), MAX_TRUNCATION_ERROR * terms.count
    # `smallest` and `last` are so far from the target that no rounded figure outside of them is nearer to it than the
    # nearest ones within.
    smallest = search.smallest_unit(target - max_difference)
    if smallest > search.least:
        smallest = search.smallest_unit(floor(search.exact_figure(smallest - 1)) - 2 * max_difference)
    last = search.smallest_unit(target + max_difference + 1)
    last = search.smallest_unit(ceil(search.exact_figure(last)) + 2 * max_difference)
    figures = {unit: search.rounded_figure(unit) for unit in range(smallest, last + 1)}
    unit = min(unit for unit, value in figures.items() if value >= target)
    below = [value for value in figures.values() if value < target]
    above = [value for value in figures.values() if value > target]
    largest = search.largest_unit(target) if solve_for is SolveFor.CLIENT_PAYS else 0
    return ReverseResult(
        solve_for=solve_for,
        smallest=search.contract(unit),
        within_budget=search.contract(largest) if largest else None,
        target=target,
        exact=figures[unit] == target,
        nearest_below=Yen(max(below)) if below else None,
        nearest_above=Yen(min(above)) if above else None,
    )
