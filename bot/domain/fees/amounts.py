"""The figures of one contract, exact or rounded to whole yen (docs/domain-facts.md#money)."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.fees.schedule import FeeBase
from bot.domain.fees.terms import Compensation, ContractTerms, Tax

Rounding = Callable[[Fraction], Fraction]


def round_down_to_yen(amount: Fraction) -> Fraction:
    """Whole yen, cut off (docs/domain-facts.md#fee-rounding: official for the tax on a fee, else assumed)."""
    return Fraction(amount // 1)


def keep_fraction_of_yen(amount: Fraction) -> Fraction:
    """A rounding that changes nothing. The reverse bisects exact figures: they never fall where the contract rises."""
    return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The figures of one piece."""

    contract_excluding_tax: Fraction
    consumption_tax: Fraction
    contract_total: Fraction
    client_fee: Fraction
    client_fee_tax: Fraction
    compensation: Fraction
    system_fee_without_tax: Fraction
    system_fee_tax: Fraction
    nomination_fee: Fraction
    withholding: Fraction

    @property
    def system_fee(self) -> Fraction:
        return self.system_fee_without_tax + self.system_fee_tax

    @property
    def client_pays(self) -> Fraction:
        return self.contract_total + self.client_fee + self.client_fee_tax + self.compensation

    @property
    def take_home(self) -> Fraction:
        return self.contract_total - self.system_fee - self.withholding + self.nomination_fee


def compute_fee_amounts(amount: Fraction, terms: ContractTerms, rounding: Rounding) -> Amounts:
    """Every figure of a piece at `amount` yen, which includes tax if `terms.tax` says so."""
    schedule = terms.schedule
    tax_rate = schedule.consumption_tax.rate
    if terms.tax is Tax.INCLUDED:
        tax, total = rounding(amount * tax_rate / (1 + tax_rate)), amount
        excluding = total - tax
    else:
        tax, excluding = rounding(amount * tax_rate), amount
        total = excluding + tax
    bases = {FeeBase.TOTAL: total, FeeBase.EXCLUDING_TAX: excluding}
    client_rule = terms.client_fee
    client_fee = rounding(bases[client_rule.facts.taken_of] * client_rule.rate)
    system_fee = rounding(_tiered_fee(bases[schedule.system_fee.facts.taken_of], schedule.system_fee.tiers))
    nomination_fee = compensation = withholding = Fraction(0)
    if (programme := terms.programme) is not None:
        nomination_fee = max(rounding(total * programme.nomination.rate), Fraction(programme.nomination_minimum))
        if terms.compensation is Compensation.CHARGED:
            compensation = rounding(total * programme.compensation.rate)
    if terms.withholding:
        rule = schedule.withholding
        below, above = min(excluding, Fraction(rule.up_to)), max(excluding - rule.up_to, Fraction(0))
        withholding = rounding(below * rule.rate + above * rule.rate_above)
    return Amounts(
        contract_excluding_tax=excluding,
        consumption_tax=tax,
        contract_total=total,
        client_fee=client_fee,
        client_fee_tax=rounding(client_fee * tax_rate) if client_rule.taxed else Fraction(0),
        compensation=compensation,
        system_fee_without_tax=system_fee,
        system_fee_tax=rounding(system_fee * tax_rate) if schedule.system_fee.taxed else Fraction(0),
        nomination_fee=nomination_fee,
        withholding=withholding,
    )


def _tiered_fee(base: Fraction, tiers: tuple[tuple[int | None, Fraction], ...]) -> Fraction:
    fee, charged = Fraction(0), Fraction(0)
    for limit, rate in tiers:
        upper = base if limit is None else min(base, Fraction(limit))
        fee += max(upper - charged, Fraction(0)) * rate
        charged = max(charged, upper)
    return fee
