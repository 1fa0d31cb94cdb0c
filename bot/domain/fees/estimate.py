"""The cost of a job for the client and the pay of the freelancer, in whole yen (docs/domain-facts.md#money)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Final

from bot.domain.fees.amounts import Amounts, compute_fee_amounts, round_down_to_yen
from bot.domain.fees.lines import FeeLine, FeeSide, build_fee_lines, known_system_fee
from bot.domain.fees.terms import Compensation, ContractTerms, pay_of_hours
from bot.domain.types import ContractMethod, Yen

_AS_PROJECTS: Final = frozenset({ContractMethod.MONTHLY, ContractMethod.PACKAGE})
"""Methods that are reckoned as projects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """All figures in whole yen, of all pieces together. `system_fee` includes its tax."""

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
    def client_payment_lines(self) -> list[FeeLine]:
        """The lines that add up to what the client pays."""
        return [line for line in self.lines if line.side is FeeSide.CLIENT]

    @property
    def member_fee_lines(self) -> list[FeeLine]:
        """The lines between the contract's total and the member's pay: the deductions first."""
        lines = [line for line in self.lines if line.side is FeeSide.MEMBER]
        return sorted(lines, key=lambda line: line.id == "nomination_fee")


AMOUNT_NAMES: Final = tuple(field.name for field in fields(Estimate) if field.name not in {"notes", "lines"})


def estimate_fees(amount: int, terms: ContractTerms) -> Estimate:
    """The estimate of a contract over `amount` yen a piece, which includes tax if `terms.tax` says so."""
    piece = Fraction(amount)
    amounts = compute_fee_amounts(piece, terms, round_down_to_yen)
    whole_yen = {name: Yen(int(getattr(amounts, name)) * terms.count) for name in AMOUNT_NAMES}
    return Estimate(
        **whole_yen,
        notes=tuple(_estimate_note_ids(amounts, terms)),
        lines=tuple(build_fee_lines(amounts, piece, terms)),
    )


def estimate_hourly_fees(hours: Fraction, hourly_rate: Yen, terms: ContractTerms) -> Estimate:
    """The estimate of a contract over so many hours; a note says where a fraction of a yen was cut off."""
    pay, is_cut = pay_of_hours(hours, hourly_rate)
    estimate = estimate_fees(pay, terms)
    return replace(estimate, notes=("note-hours-truncated", *estimate.notes)) if is_cut else estimate


def _estimate_note_ids(amounts: Amounts, terms: ContractTerms) -> Iterator[str]:
    """Texts for the reader beside the figures: what is assumed, and which option does not apply."""
    schedule = terms.schedule
    system_fee = known_system_fee(amounts, schedule.system_fee)
    if system_fee.whole.confidence == "assumed":
        is_contradicted = system_fee.period_text == "system-fee-contradicted"
        yield "note-system-fee-contradicted" if is_contradicted else "note-system-fee-assumed"
    if not terms.client_fee.rate:
        yield "note-client-fee-none-known"
    if terms.method in _AS_PROJECTS:
        yield "note-method-as-project"
    if terms.count > 1:
        yield "note-count"
    if terms.client_discount and schedule.client_discount is None:
        yield "note-client-discount-none"
    yield from _programme_notes(terms)
    if terms.withholding:
        yield "note-withholding-estimate"
    yield "note-payout"


def _programme_notes(terms: ContractTerms) -> Iterator[str]:
    programme = terms.programme
    if programme is not None:
        if terms.on > programme.until:
            yield "note-nomination-end"
        yield f"note-compensation-{terms.compensation}"
    elif terms.certified:
        yield "note-programme-none" if terms.schedule.programme is None else "note-programme-project-only"
    if terms.compensation is Compensation.CHARGED and programme is None:
        yield "note-compensation-not-applied"
