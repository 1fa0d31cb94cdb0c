"""The lines of an estimate: a figure, its rule, and how certain every part of it is (docs/domain-facts.md#money)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Final

from bot.domain.fees.amounts import Amounts, compute_fee_amounts, keep_fraction_of_yen
from bot.domain.fees.schedule import CertifiedProgramme, FeeRule, Provenance, SystemFee
from bot.domain.fees.terms import ContractTerms
from bot.domain.types import Yen

_TRUNCATION: Final = Provenance("assumed", "truncated")
_NOT_BEGUN: Final = Provenance("official", "info.lancers.jp/17904")


class FeeSide(Enum):
    """Whose side of the estimate a line belongs to."""

    CLIENT = "client"
    MEMBER = "member"


class PartKind(StrEnum):
    """The part of a figure whose certainty is given."""

    RATE = "rate"
    BASE = "base"
    PERIOD = "period"
    """Whether the rule was in force on that day."""
    ROUNDING = "rounding"
    """Only where the figure was rounded down to a whole yen."""


@dataclass(frozen=True, slots=True)
class LinePart:
    """How certain one part of a figure is. `text` is the id of a text."""

    kind: PartKind
    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One figure with its rule. `rule` is the id of a text; the amount is positive, whoever pays it."""

    id: str
    side: FeeSide
    amount: Yen
    rule: str
    provenance: Provenance
    """Of the line as a whole."""
    parts: tuple[LinePart, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    side: FeeSide
    facts: FeeRule
    rounding: Provenance = _TRUNCATION


def build_fee_lines(amounts: Amounts, amount: Fraction, terms: ContractTerms) -> Iterator[FeeLine]:
    """The lines of all pieces whose amount is not zero, the client's first; `amounts` are those of one piece."""
    exact = compute_fee_amounts(amount, terms, keep_fraction_of_yen)
    for rule in _fee_line_rules(amounts, exact, terms):
        if figure := getattr(amounts, rule.name):
            yield FeeLine(
                id=rule.name,
                side=rule.side,
                amount=Yen(int(figure) * terms.count),
                rule=rule.facts.rule,
                provenance=rule.facts.whole,
                parts=tuple(_fee_line_parts(rule, is_cut=figure != getattr(exact, rule.name))),
            )


def _fee_line_rules(amounts: Amounts, exact: Amounts, terms: ContractTerms) -> Iterator[_Rule]:
    schedule, client_fee, programme = terms.schedule, terms.client_fee.facts, terms.schedule.programme
    as_asked = Provenance("assumed", "as asked")
    contract = FeeRule(rule=f"contract-{terms.tax}", whole=as_asked, rate=as_asked)
    client_tax = FeeRule(rule="client-fee-tax", whole=schedule.fee_tax, rate=client_fee.rate)
    # Where the fee itself is a whole number of yen, only the tax on it was rounded down.
    is_fee_whole = amounts.system_fee_without_tax == exact.system_fee_without_tax
    yield _Rule("contract_excluding_tax", FeeSide.CLIENT, contract)
    yield _Rule("consumption_tax", FeeSide.CLIENT, schedule.consumption_tax.facts)
    yield _Rule("client_fee", FeeSide.CLIENT, client_fee)
    yield _Rule("client_fee_tax", FeeSide.CLIENT, client_tax, schedule.fee_tax)
    if programme is not None:
        compensation = _programme_fee_rule(programme.compensation.facts, programme, terms.on)
        yield _Rule("compensation", FeeSide.CLIENT, compensation)
    system_fee = known_system_fee(amounts, schedule.system_fee)
    yield _Rule("system_fee", FeeSide.MEMBER, system_fee, schedule.fee_tax if is_fee_whole else _TRUNCATION)
    if programme is not None:
        nomination = _programme_fee_rule(programme.nomination.facts, programme, terms.on)
        yield _Rule("nomination_fee", FeeSide.MEMBER, nomination)
    yield _Rule("withholding", FeeSide.MEMBER, schedule.withholding.facts)


def known_system_fee(amounts: Amounts, system_fee: SystemFee) -> FeeRule:
    """The system fee with its certainty, which is another one for an amount within its first tier."""
    known = system_fee.first_tier
    if known is None or amounts.contract_total > (system_fee.tiers[0][0] or 0):
        return system_fee.facts
    return replace(system_fee.facts, whole=known, rate=known, base=known, period=None)


def _programme_fee_rule(facts: FeeRule, programme: CertifiedProgramme, on: date) -> FeeRule:
    """A rule of the programme. From its first day to its last known one it was certainly in force."""
    if on < programme.since:
        return replace(facts, period=_NOT_BEGUN, period_text="programme-not-begun")
    return facts if on > programme.until else replace(facts, period=None)


def _fee_line_parts(rule: _Rule, *, is_cut: bool) -> Iterator[LinePart]:
    facts = rule.facts
    if rule.name == "contract_excluding_tax":
        return  # the amount that was entered needs no rule
    yield LinePart(PartKind.RATE, f"fee-rule-{facts.rule}", facts.rate)
    if facts.base is not None:
        yield LinePart(PartKind.BASE, "fee-base", facts.base)
    if facts.period is not None:
        yield LinePart(PartKind.PERIOD, f"fee-period-{facts.period_text}", facts.period)
    if is_cut:
        yield LinePart(PartKind.ROUNDING, "fee-rounding", rule.rounding)
