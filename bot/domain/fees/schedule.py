"""The fee schedules are data: tariffs.toml, read once."""

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
    """Where a figure comes from, and how sure it is."""

    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of an amount."""

    rate: Fraction
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SystemFee:
    """Marginal tiers on the total with tax: (up to so many yen, or None: the rest; the rate)."""

    tiers: tuple[tuple[int | None, Fraction], ...]
    taxed: bool
    """Whether consumption tax comes on top of the fee."""
    rule: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Withholding:
    """Income tax that a corporate client may withhold, on the amount without tax."""

    up_to: int
    rate: Fraction
    rate_above: Fraction
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class CertifiedProgramme:
    """What an edition grants certified members and charges their clients."""

    methods: tuple[str, ...]
    nomination: Rate
    nomination_minimum: int
    compensation: Rate


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """Everything in force on one day, for one edition."""

    consumption_tax: Rate
    system_fee: SystemFee
    client_fee: Rate
    fee_tax: Provenance
    withholding: Withholding
    programme: CertifiedProgramme | None


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _provenance(block: dict[str, Any]) -> Provenance:
    return Provenance(block["confidence"], block["source"])


def _rate(block: dict[str, Any]) -> Rate:
    return Rate(Fraction(*block["rate"]), _provenance(block))


def _in_force(blocks: Iterable[dict[str, Any]], on: date) -> dict[str, Any]:
    return next(each for each in blocks if each.get("from", date.min) <= on <= each.get("until", date.max))


@cache
def schedule_for(on: date, edition: Edition) -> FeeSchedule:
    """What is in force for a contract of that day, judged by that edition."""
    read = _read()
    system, withheld = _in_force(read["system_fee"], on), read["withholding"]
    programme = read["programme"].get(edition)
    return FeeSchedule(
        _rate(_in_force(read["consumption_tax"], on)),
        SystemFee(
            tuple((most or None, Fraction(part, of)) for most, part, of in system["tiers"]),
            system["taxed"],
            system["rule"],
            _provenance(system),
        ),
        _rate(_in_force(read["client_fee"], on)),
        _provenance(read["fee_tax"]),
        Withholding(
            withheld["up_to"], Fraction(*withheld["rate"]), Fraction(*withheld["rate_above"]), _provenance(withheld)
        ),
        None
        if programme is None
        else CertifiedProgramme(
            tuple(programme["methods"]),
            _rate(programme["nomination_fee"]),
            programme["nomination_fee"]["least"],
            _rate(programme["compensation"]),
        ),
    )
