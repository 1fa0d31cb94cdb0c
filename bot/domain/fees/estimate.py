"""The cost of a job for the client and the pay of the freelancer, in whole yen (docs/domain-facts.md#money)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Final

from bot.domain.fees.schedule import CertifiedProgramme, FeeSchedule, Provenance, schedule_for
from bot.domain.types import ContractMethod, Edition, Yen


class Tax(StrEnum):
    """Whether an amount includes consumption tax."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


class Compensation(StrEnum):
    """The client's charge for a certified member: waived in a campaign, or charged."""

    WAIVED = "waived"
    CHARGED = "charged"


class FeeSide(Enum):
    """Whose side of the estimate a line belongs to."""

    CLIENT = "client"
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """Everything about a job except its amount."""

    on: date
    edition: Edition
    tax: Tax = Tax.INCLUDED
    method: ContractMethod = ContractMethod.PROJECT
    certified: bool = False
    compensation: Compensation = Compensation.WAIVED
    withholding: bool = False

    @property
    def schedule(self) -> FeeSchedule:
        return schedule_for(self.on, self.edition)

    @property
    def programme(self) -> CertifiedProgramme | None:
        """The edition's programme for certified members, if it applies to this job."""
        programme = self.schedule.programme
        return programme if self.certified and programme is not None and self.method in programme.methods else None


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One figure with its rule. `rule` is the id of a text; the amount is positive, whoever pays it."""

    id: str
    side: FeeSide
    amount: Yen
    rule: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
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
    """Ids of texts."""
    lines: tuple[FeeLine, ...]

    @property
    def client_lines(self) -> list[FeeLine]:
        """The lines that add up to what the client pays."""
        return [line for line in self.lines if line.side is FeeSide.CLIENT]

    @property
    def member_lines(self) -> list[FeeLine]:
        """The lines between the contract's total and the member's pay: the deductions first."""
        lines = [line for line in self.lines if line.side is FeeSide.MEMBER]
        return sorted(lines, key=lambda line: line.id == "nomination_fee")


AMOUNT_NAMES: Final = tuple(field.name for field in fields(Estimate) if field.name not in {"notes", "lines"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The figures of an estimate, exact or rounded."""

    contract_excluding_tax: Fraction
    consumption_tax: Fraction
    contract_total: Fraction
    client_fee: Fraction
    client_fee_tax: Fraction
    compensation: Fraction
    system_fee: Fraction
    nomination_fee: Fraction
    withholding: Fraction

    @property
    def client_pays(self) -> Fraction:
        return self.contract_total + self.client_fee + self.client_fee_tax + self.compensation

    @property
    def take_home(self) -> Fraction:
        return self.contract_total - self.system_fee - self.withholding + self.nomination_fee


Rounding = Callable[[Fraction], Fraction]


def round_down(amount: Fraction) -> Fraction:
    """Whole yen, cut off (docs/domain-facts.md#fee-rounding: official for the tax on a fee, else assumed)."""
    return Fraction(amount // 1)


def no_rounding(amount: Fraction) -> Fraction:
    """The exact figure, which never falls where the contract rises: the reverse bisects it."""
    return amount


def compute(amount: int, terms: ContractTerms, rounding: Rounding) -> Amounts:
    """Every figure of a contract over `amount` yen, which includes tax if `terms.tax` says so."""
    schedule, amount_due = terms.schedule, Fraction(amount)
    tax_rate = schedule.consumption_tax.rate
    if terms.tax is Tax.INCLUDED:
        tax, total = rounding(amount_due * tax_rate / (1 + tax_rate)), amount_due
        excluding = total - tax
    else:
        tax, excluding = rounding(amount_due * tax_rate), amount_due
        total = excluding + tax
    client_fee = rounding(total * schedule.client_fee.rate)
    system_fee = rounding(_tiered_fee(total, schedule.system_fee.tiers))
    if schedule.system_fee.taxed:
        system_fee += rounding(system_fee * tax_rate)
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
        client_fee_tax=rounding(client_fee * tax_rate),
        compensation=compensation,
        system_fee=system_fee,
        nomination_fee=nomination_fee,
        withholding=withholding,
    )


def _tiered_fee(total: Fraction, tiers: tuple[tuple[int | None, Fraction], ...]) -> Fraction:
    fee, charged = Fraction(0), Fraction(0)
    for limit, rate in tiers:
        upper = total if limit is None else min(total, Fraction(limit))
        fee += max(upper - charged, Fraction(0)) * rate
        charged = max(charged, upper)
    return fee


def estimate(amount: int, terms: ContractTerms) -> Estimate:
    """The estimate of a contract over `amount` yen, which includes tax if `terms.tax` says so."""
    amounts = compute(amount, terms, round_down)
    whole_yen = {name: Yen(int(getattr(amounts, name))) for name in AMOUNT_NAMES}
    return Estimate(**whole_yen, notes=tuple(_notes(terms)), lines=tuple(_lines(amounts, terms)))


def _lines(amounts: Amounts, terms: ContractTerms) -> Iterator[FeeLine]:
    """The lines whose amount is not zero, the client's first."""
    schedule = terms.schedule
    tax_rule = f"consumption-tax-{schedule.consumption_tax.rate * 100}"
    system_fee_rule = f"system-fee-{schedule.system_fee.rule}"
    lines = [
        ("contract_excluding_tax", FeeSide.CLIENT, f"contract-{terms.tax}", Provenance("assumed", "as asked")),
        ("consumption_tax", FeeSide.CLIENT, tax_rule, schedule.consumption_tax.provenance),
        ("client_fee", FeeSide.CLIENT, "client-fee", schedule.client_fee.provenance),
        ("client_fee_tax", FeeSide.CLIENT, "client-fee-tax", schedule.fee_tax),
        ("system_fee", FeeSide.MEMBER, system_fee_rule, schedule.system_fee.provenance),
        ("withholding", FeeSide.MEMBER, "withholding", schedule.withholding.provenance),
    ]
    if (programme := schedule.programme) is not None:
        lines.insert(4, ("compensation", FeeSide.CLIENT, "compensation", programme.compensation.provenance))
        lines.insert(6, ("nomination_fee", FeeSide.MEMBER, "nomination-fee", programme.nomination.provenance))
    for name, side, rule, provenance in lines:
        if amount := getattr(amounts, name):
            yield FeeLine(name, side, Yen(int(amount)), rule, provenance)


def _notes(terms: ContractTerms) -> Iterator[str]:
    """Texts for the reader beside the figures: what is assumed, and which option does not apply."""
    schedule = terms.schedule
    if schedule.system_fee.provenance.confidence == "assumed":
        yield "note-system-fee-assumed"
    if not schedule.client_fee.rate:
        yield "note-client-fee-none-known"
    if terms.programme is not None:
        yield "note-nomination-end"
        yield f"note-compensation-{terms.compensation}"
    elif terms.certified:
        yield "note-programme-none" if schedule.programme is None else "note-programme-project-only"
    if terms.compensation is Compensation.CHARGED and terms.programme is None:
        yield "note-compensation-not-applied"
    if terms.withholding:
        yield "note-withholding-estimate"
    yield "note-payout"
