"""One question about fees, as a command, an option or a typed line asks it, and what comes of it."""

from dataclasses import dataclass, replace
from fractions import Fraction

from bot.domain.fees.estimate import Estimate, estimate_fees, estimate_hourly_fees
from bot.domain.fees.reverse import Contract, ReverseResult, SolveFor, find_contracts_for_target
from bot.domain.fees.terms import ContractTerms, Tax
from bot.domain.types import Yen


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeQuery:
    """An amount, or a target for which the contract is wanted."""

    amount: Yen
    """Of one piece; with `solve_for`: the target, of all pieces together."""
    solve_for: SolveFor | None = None
    tax: Tax | None = None
    """What the amount itself says, before anything else that is said of the contract."""
    count: int = 1
    hours: Fraction | None = None
    hourly_rate: Yen | None = None
    """With hours: `amount` is the pay of all of them. None with `solve_for`: the hourly rate is wanted."""


@dataclass(frozen=True, slots=True)
class FeeResult:
    """The contract that was asked for, or was found."""

    query: FeeQuery
    terms: ContractTerms
    contract: Contract
    reverse: ReverseResult | None

    @property
    def estimate(self) -> Estimate:
        return self.contract.estimate


def compute_fees(query: FeeQuery, terms: ContractTerms) -> FeeResult:
    """The figures of a query; its count and tax go before those of the terms."""
    terms = replace(terms, count=query.count, tax=query.tax or terms.tax)
    if query.solve_for is not None:
        result = find_contracts_for_target(query.solve_for, query.amount, terms, query.hours)
        return FeeResult(query, terms, result.shown, result)
    if query.hours is not None and query.hourly_rate is not None:
        figures = estimate_hourly_fees(query.hours, query.hourly_rate, terms)
    else:
        figures = estimate_fees(query.amount, terms)
    contract = Contract(amount=query.amount, hourly_rate=query.hourly_rate, estimate=figures)
    return FeeResult(query, terms, contract, None)
