"""What a job costs the client and pays the freelancer, in whole yen, forward from an amount."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bot.fees.tariffs import Source, Tariff, tariff
from bot.values import Edition, Method, Yen


class Tax(StrEnum):
    """Whether an amount includes consumption tax."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


class Compensation(StrEnum):
    """The client's charge for certified members: waived in a campaign, or charged."""

    WAIVED = "waived"
    CHARGED = "charged"


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything about a job but its amount."""

    on: date
    edition: Edition
    tax: Tax = Tax.INCLUDED
    method: Method = Method.PROJECT
    certified: bool = False
    compensation: Compensation = Compensation.WAIVED
    withholding: bool = False

    @property
    def tariff(self) -> Tariff:
        return tariff(self.on, self.edition)

    @property
    def in_programme(self) -> bool:
        """Whether the edition's programme for certified members applies."""
        programme = self.tariff.programme
        return self.certified and programme is not None and self.method in programme.methods


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its rule. `rule` is a text's id; the amount is positive, whoever pays it."""

    id: str
    amount: Yen
    rule: str
    known: Source


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
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figures:
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


def truncated(amount: Fraction) -> Fraction:
    """Whole yen, as every fee and tax is rounded here (FACTS.md §3: official for the tax on a fee, else assumed)."""
    return Fraction(amount // 1)


def unrounded(amount: Fraction) -> Fraction:
    """The exact figure, which never falls when the amount rises: what the reverse searches by."""
    return amount


def figures(amount: int, terms: Terms, rounding: Rounding) -> Figures:
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
    if terms.in_programme and in_force.programme is not None:
        programme = in_force.programme
        nomination = max(rounding(total * programme.nomination.rate), Fraction(programme.nomination_least))
        if terms.compensation is Compensation.CHARGED:
            compensation = rounding(total * programme.compensation.rate)
    withholding = Fraction(0)
    if terms.withholding:
        rule = in_force.withholding
        below, above = min(excluding, Fraction(rule.up_to)), max(excluding - rule.up_to, Fraction(0))
        withholding = rounding(below * rule.rate + above * rule.rate_above)
    return Figures(
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


def estimate(amount: int, terms: Terms) -> Estimate:
    """What a contract over `amount` yen costs and pays."""
    found = figures(amount, terms, truncated)

    def yen(value: Fraction) -> Yen:
        return Yen(int(value))

    return Estimate(
        yen(found.excluding),
        yen(found.tax),
        yen(found.total),
        yen(found.client_fee),
        yen(found.client_fee_tax),
        yen(found.compensation),
        yen(found.client_pays),
        yen(found.system_fee),
        yen(found.nomination),
        yen(found.withholding),
        yen(found.take_home),
        tuple(_notes(terms)),
        tuple(line for line in _lines(found, terms) if line.amount),
    )


def _lines(found: Figures, terms: Terms) -> Iterator[Line]:
    in_force = terms.tariff
    tax = f"consumption-tax-{in_force.consumption_tax.rate * 100}"
    yield Line(
        "contract_excluding_tax", Yen(int(found.excluding)), f"contract-{terms.tax}", Source("assumed", "as asked")
    )
    yield Line("consumption_tax", Yen(int(found.tax)), tax, in_force.consumption_tax.known)
    yield Line("client_fee", Yen(int(found.client_fee)), "client-fee", in_force.client_fee.known)
    yield Line("client_fee_tax", Yen(int(found.client_fee_tax)), "client-fee-tax", in_force.fee_tax)
    if (programme := in_force.programme) is not None:
        yield Line("compensation", Yen(int(found.compensation)), "compensation", programme.compensation.known)
    yield Line(
        "system_fee", Yen(int(found.system_fee)), f"system-fee-{in_force.system_fee.rule}", in_force.system_fee.known
    )
    if programme is not None:
        yield Line("nomination_fee", Yen(int(found.nomination)), "nomination-fee", programme.nomination.known)
    yield Line("withholding", Yen(int(found.withholding)), "withholding", in_force.withholding.known)


def _notes(terms: Terms) -> Iterator[str]:
    """What a reader should know beside the figures: what was assumed, and which option did not apply."""
    in_force = terms.tariff
    if in_force.system_fee.known.confidence == "assumed":
        yield "note-system-fee-assumed"
    if not in_force.client_fee.rate:
        yield "note-client-fee-none-known"
    if terms.in_programme:
        yield "note-nomination-end"
        yield f"note-compensation-{terms.compensation}"
    elif terms.certified:
        yield "note-programme-none" if in_force.programme is None else "note-programme-project-only"
    if terms.compensation is Compensation.CHARGED and not terms.in_programme:
        yield "note-compensation-not-applied"
    if terms.withholding:
        yield "note-withholding-estimate"
    yield "note-payout"
