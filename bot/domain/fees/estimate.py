"""What a job costs the client and pays the freelancer, in whole yen, forward from an amount."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bot.domain.fees.schedule import FeeSchedule, Provenance, schedule_for
from bot.domain.types import ContractMethod, Edition, Yen


class Tax(StrEnum):
    """Whether an amount includes consumption tax."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


class Compensation(StrEnum):
    """The client's charge for certified members: waived in a campaign, or charged."""

    WAIVED = "waived"
    CHARGED = "charged"


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """Everything about a job but its amount."""

    on: date
    edition: Edition
    tax: Tax = Tax.INCLUDED
    method: ContractMethod = ContractMethod.PROJECT
    certified: bool = False
    compensation: Compensation = Compensation.WAIVED
    withholding: bool = False

    @property
    def tariff(self) -> FeeSchedule:
        return schedule_for(self.on, self.edition)

    @property
    def in_certified_programme(self) -> bool:
        """Whether the edition's programme for certified members applies."""
        programme = self.tariff.programme
        return self.certified and programme is not None and self.method in programme.methods


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One figure with its rule. `rule` is a text's id; the amount is positive, whoever pays it."""

    id: str
    amount: Yen
    rule: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Estimate:
    """All figures in whole yen. `system_fee` includes its tax."""

    contract_excluding_tax: Yen
    consumption_tax: Yen
    contract_total: Yen
    client_fee: Yen
    client_fee_tax: Yen
    compensation: Yen
    client_pays: Yen
    system_fee: Yen
    nomination_fee: Yen
    withholding: Yen
    take_home: Yen
    notes: tuple[str, ...]
    """Texts' ids."""
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class Amounts:
    """The same figures, exact or rounded."""

    excluding: Fraction
    tax: Fraction
    total: Fraction
    client_fee: Fraction
    client_fee_tax: Fraction
    compensation: Fraction
    system_fee: Fraction
    nomination: Fraction
    withholding: Fraction

    @property
    def client_pays(self) -> Fraction:
        return self.total + self.client_fee + self.client_fee_tax + self.compensation

    @property
    def take_home(self) -> Fraction:
        return self.total - self.system_fee - self.withholding + self.nomination


Rounding = Callable[[Fraction], Fraction]


def round_down(amount: Fraction) -> Fraction:
    """Whole yen, as every fee and tax is rounded here (FACTS.md §3: official for the tax on a fee, else assumed)."""
    return Fraction(amount // 1)


def no_rounding(amount: Fraction) -> Fraction:
    """The exact figure, which never falls when the amount rises: what the reverse searches by."""
    return amount


def compute(amount: int, terms: ContractTerms, rounding: Rounding) -> Amounts:
    """Every figure of a contract over `amount` yen, in the basis of `terms.tax`."""
    in_force, written = terms.tariff, Fraction(amount)
    rate = in_force.consumption_tax.rate
    if terms.tax is Tax.INCLUDED:
        tax, total = rounding(written * rate / (1 + rate)), written
        excluding = total - tax
    else:
        tax, excluding = rounding(written * rate), written
        total = excluding + tax
    client_fee = rounding(total * in_force.client_fee.rate)
    system_fee = rounding(_tiered(total, in_force.system_fee.tiers))
    if in_force.system_fee.taxed:
        system_fee += rounding(system_fee * rate)
    nomination = compensation = Fraction(0)
    if terms.in_certified_programme and in_force.programme is not None:
        programme = in_force.programme
        nomination = max(rounding(total * programme.nomination.rate), Fraction(programme.nomination_minimum))
        if terms.compensation is Compensation.CHARGED:
            compensation = rounding(total * programme.compensation.rate)
    withholding = Fraction(0)
    if terms.withholding:
        rule = in_force.withholding
        below, above = min(excluding, Fraction(rule.up_to)), max(excluding - rule.up_to, Fraction(0))
        withholding = rounding(below * rule.rate + above * rule.rate_above)
    return Amounts(
        excluding,
        tax,
        total,
        client_fee,
        rounding(client_fee * rate),
        compensation,
        system_fee,
        nomination,
        withholding,
    )


def _tiered(total: Fraction, tiers: tuple[tuple[int | None, Fraction], ...]) -> Fraction:
    fee, reached = Fraction(0), Fraction(0)
    for most, rate in tiers:
        upper = total if most is None else min(total, Fraction(most))
        fee += max(upper - reached, Fraction(0)) * rate
        reached = max(reached, upper)
    return fee


def estimate(amount: int, terms: ContractTerms) -> Estimate:
    """What a contract over `amount` yen costs and pays."""
    amounts = compute(amount, terms, round_down)

    def yen(value: Fraction) -> Yen:
        return Yen(int(value))

    return Estimate(
        yen(amounts.excluding),
        yen(amounts.tax),
        yen(amounts.total),
        yen(amounts.client_fee),
        yen(amounts.client_fee_tax),
        yen(amounts.compensation),
        yen(amounts.client_pays),
        yen(amounts.system_fee),
        yen(amounts.nomination),
        yen(amounts.withholding),
        yen(amounts.take_home),
        tuple(_notes(terms)),
        tuple(line for line in _lines(amounts, terms) if line.amount),
    )


def _lines(amounts: Amounts, terms: ContractTerms) -> Iterator[FeeLine]:
    in_force = terms.tariff
    tax = f"consumption-tax-{in_force.consumption_tax.rate * 100}"
    yield FeeLine(
        "contract_excluding_tax",
        Yen(int(amounts.excluding)),
        f"contract-{terms.tax}",
        Provenance("assumed", "as asked"),
    )
    yield FeeLine("consumption_tax", Yen(int(amounts.tax)), tax, in_force.consumption_tax.provenance)
    yield FeeLine("client_fee", Yen(int(amounts.client_fee)), "client-fee", in_force.client_fee.provenance)
    yield FeeLine("client_fee_tax", Yen(int(amounts.client_fee_tax)), "client-fee-tax", in_force.fee_tax)
    if (programme := in_force.programme) is not None:
        yield FeeLine("compensation", Yen(int(amounts.compensation)), "compensation", programme.compensation.provenance)
    yield FeeLine(
        "system_fee",
        Yen(int(amounts.system_fee)),
        f"system-fee-{in_force.system_fee.rule}",
        in_force.system_fee.provenance,
    )
    if programme is not None:
        yield FeeLine("nomination_fee", Yen(int(amounts.nomination)), "nomination-fee", programme.nomination.provenance)
    yield FeeLine("withholding", Yen(int(amounts.withholding)), "withholding", in_force.withholding.provenance)


def _notes(terms: ContractTerms) -> Iterator[str]:
    """What a reader should know beside the figures: what was assumed, and which option did not apply."""
    in_force = terms.tariff
    if in_force.system_fee.provenance.confidence == "assumed":
        yield "note-system-fee-assumed"
    if not in_force.client_fee.rate:
        yield "note-client-fee-none-known"
    if terms.in_certified_programme:
        yield "note-nomination-end"
        yield f"note-compensation-{terms.compensation}"
    elif terms.certified:
        yield "note-programme-none" if in_force.programme is None else "note-programme-project-only"
    if terms.compensation is Compensation.CHARGED and not terms.in_certified_programme:
        yield "note-compensation-not-applied"
    if terms.withholding:
        yield "note-withholding-estimate"
    yield "note-payout"
