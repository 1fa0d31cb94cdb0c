"""The fee schedules, read once from schedule.toml (docs/domain-facts.md#money)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.types import Edition


@dataclass(frozen=True, slots=True)
class Provenance:
    """The source of a figure, and how certain it is (docs/domain-facts.md#confidence)."""

    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A fraction of an amount."""

    rate: Fraction
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SystemFee:
    """The freelancer's fee, in marginal tiers on the total with tax (docs/domain-facts.md#system-fee)."""

    tiers: tuple[tuple[int | None, Fraction], ...]
    """Upper limit of the tier in yen, None for the last tier, and the tier's rate."""
    taxed: bool
    """Whether consumption tax is added to the fee."""
    rule: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Withholding:
    """Income tax that a corporate client may withhold, on the amount without tax (docs/domain-facts.md#withholding)."""

    up_to: int
    """Yen up to which `rate` applies; `rate_above` applies to the rest."""
    rate: Fraction
    rate_above: Fraction
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class CertifiedProgramme:
    """The fees of an edition's programme for certified members (docs/domain-facts.md#certified-programme)."""

    methods: tuple[str, ...]
    nomination: Rate
    nomination_minimum: int
    """In yen."""
    compensation: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """All rates in force on one day, for one edition."""

    consumption_tax: Rate
    system_fee: SystemFee
    client_fee: Rate
    fee_tax: Provenance
    withholding: Withholding
    programme: CertifiedProgramme | None


@cache
def _load_schedules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _provenance(block: dict[str, Any]) -> Provenance:
    return Provenance(block["confidence"], block["source"])


def _rate(block: dict[str, Any]) -> Rate:
    return Rate(Fraction(*block["rate"]), _provenance(block))


def _in_force(blocks: Iterable[dict[str, Any]], on: date) -> dict[str, Any]:
    return next(block for block in blocks if block.get("from", date.min) <= on <= block.get("until", date.max))


@cache
def schedule_for(on: date, edition: Edition) -> FeeSchedule:
    """The rates for a contract of the day `on`, by the certified programme of `edition`."""
    schedules = _load_schedules()
    system, withheld = _in_force(schedules["system_fee"], on), schedules["withholding"]
    programme = schedules["programme"].get(edition)
    return FeeSchedule(
        consumption_tax=_rate(_in_force(schedules["consumption_tax"], on)),
        system_fee=SystemFee(
            tuple((limit or None, Fraction(part, whole)) for limit, part, whole in system["tiers"]),
            system["taxed"],
            system["rule"],
            _provenance(system),
        ),
        client_fee=_rate(_in_force(schedules["client_fee"], on)),
        fee_tax=_provenance(schedules["fee_tax"]),
        withholding=Withholding(
            withheld["up_to"], Fraction(*withheld["rate"]), Fraction(*withheld["rate_above"]), _provenance(withheld)
        ),
        programme=None
        if programme is None
        else CertifiedProgramme(
            tuple(programme["methods"]),
            _rate(programme["nomination_fee"]),
            programme["nomination_fee"]["least"],
            _rate(programme["compensation"]),
        ),
    )
