"""The fee schedules, read once from schedule.toml (docs/domain-facts.md#money)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.types import ContractMethod, Edition


@dataclass(frozen=True, slots=True)
class Provenance:
    """The source of a figure, and how certain it is (docs/domain-facts.md#confidence)."""

    confidence: str
    source: str


class FeeBase(StrEnum):
    """The amount that a fee is taken of."""

    TOTAL = "total"
    """The contract with its consumption tax."""
    EXCLUDING_TAX = "excluding_tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """What is known of a fee, part by part."""

    rule: str
    """The id of a text."""
    whole: Provenance
    """Of the line as a whole."""
    rate: Provenance
    base: Provenance | None = None
    """None: the line does not mention its base."""
    taken_of: FeeBase = FeeBase.TOTAL
    period: Provenance | None = None
    """Where it is not certain that the rule was in force on the day."""
    period_text: str = ""
    """The id of the text that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A fraction of the contract's total or of its amount without tax."""

    rate: Fraction
    taxed: bool = False
    """Whether consumption tax is added to the fee."""
    facts: FeeRule


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFee:
    """The fee that the member pays, in marginal tiers (docs/domain-facts.md#system-fee)."""

    tiers: tuple[tuple[int | None, Fraction], ...]
    """Upper limit of the tier in yen, None for the last tier, and the tier's rate."""
    taxed: bool
    """Whether consumption tax is added to the fee."""
    facts: FeeRule
    first_tier: Provenance | None
    """Of an amount within the first tier, where more is known about it."""
    in_force_from: date | None
    in_force_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """Income tax that a corporate client may withhold, on the amount without tax (docs/domain-facts.md#withholding)."""

    up_to: int
    """Yen up to which `rate` applies; `rate_above` applies to the rest."""
    rate: Fraction
    rate_above: Fraction
    facts: FeeRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedProgramme:
    """The fees of an edition's programme for certified members (docs/domain-facts.md#certified-programme)."""

    methods: tuple[str, ...]
    since: date
    """Its first day."""
    until: date
    """The last day on which it is known to have been in force."""
    nomination: Rate
    nomination_minimum: int
    """In yen."""
    compensation: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """All rates in force on one day, for one edition and one method."""

    consumption_tax: Rate
    system_fee: SystemFee
    client_fee: Rate
    client_discount: Rate | None
    """The client's fee with 継続割引; None: there was none on that day."""
    fee_tax: Provenance
    """Of the truncation of the consumption tax on a fee."""
    withholding: Withholding
    programme: CertifiedProgramme | None


@cache
def _load_fee_schedules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _parse_provenance(block: dict[str, Any], part: str = "") -> Provenance:
    return Provenance(block.get(f"{part}confidence", block["confidence"]), block.get(f"{part}source", block["source"]))


def _parse_fee_rule(block: dict[str, Any]) -> FeeRule:
    return FeeRule(
        rule=block["rule"],
        whole=_parse_provenance(block),
        rate=_parse_provenance(block, "rate_"),
        base=_parse_provenance(block, "base_") if "base" in block else None,
        taken_of=FeeBase(block.get("base", FeeBase.TOTAL)),
        period=_parse_provenance(block, "period_") if "period" in block else None,
        period_text=block.get("period", ""),
    )


def _parse_fee_rate(block: dict[str, Any]) -> Rate:
    return Rate(rate=Fraction(*block["rate"]), taxed=block.get("taxed", False), facts=_parse_fee_rule(block))


@cache
def fee_schedule_for(on: date, edition: Edition, method: ContractMethod) -> FeeSchedule:
    """The rates for a contract of the day `on`, by the certified programme of `edition`."""
    schedules = _load_fee_schedules()

    def blocks_in_force(name: str) -> list[dict[str, Any]]:
        return [
            block
            for block in schedules[name]
            if block.get("from", date.min) <= on <= block.get("until", date.max)
            and method in block.get("methods", (method,))
        ]

    discounts = blocks_in_force("client_discount")
    return FeeSchedule(
        consumption_tax=_parse_fee_rate(blocks_in_force("consumption_tax")[0]),
        system_fee=_parse_system_fee(blocks_in_force("system_fee")[0]),
        client_fee=_parse_fee_rate(blocks_in_force("client_fee")[0]),
        client_discount=_parse_fee_rate(discounts[0]) if discounts else None,
        fee_tax=_parse_provenance(blocks_in_force("fee_tax")[0]),
        withholding=_parse_withholding(schedules["withholding"]),
        programme=_parse_certified_programme(schedules["programme"].get(edition)),
    )


def _parse_system_fee(block: dict[str, Any]) -> SystemFee:
    return SystemFee(
        tiers=tuple((limit or None, Fraction(part, whole)) for limit, part, whole in block["tiers"]),
        taxed=block["taxed"],
        facts=_parse_fee_rule(block),
        first_tier=_parse_provenance(block, "first_tier_") if "first_tier_confidence" in block else None,
        in_force_from=block.get("from"),
        in_force_until=block.get("until"),
    )


def _parse_withholding(block: dict[str, Any]) -> Withholding:
    return Withholding(
        up_to=block["up_to"],
        rate=Fraction(*block["rate"]),
        rate_above=Fraction(*block["rate_above"]),
        facts=_parse_fee_rule(block),
    )


def _parse_certified_programme(block: dict[str, Any] | None) -> CertifiedProgramme | None:
    if block is None:
        return None
    return CertifiedProgramme(
        methods=tuple(block["methods"]),
        since=block["since"],
        until=block["until"],
        nomination=_parse_fee_rate(block["nomination_fee"]),
        nomination_minimum=block["nomination_fee"]["least"],
        compensation=_parse_fee_rate(block["compensation"]),
    )
