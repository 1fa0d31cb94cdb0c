"""The certification rules are data: editions.toml, read once."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.reply.reply_rate import RateRule
from bot.domain.types import Edition
from bot.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """One criterion. The line is `numerator`/`denominator`; both None where no line is published."""

    id: str
    kind: str
    numerator: int | None
    denominator: int | None
    methods: tuple[str, ...]
    """The methods of the jobs that are counted."""
    optional: bool
    """Who has nothing it could be judged by is not judged by it."""
    confidence: str
    source: str

    @property
    def is_share(self) -> bool:
        """Whether it is read in percent."""
        return self.kind in {"reply_rate", "completion", "satisfaction"}


@dataclass(frozen=True, slots=True)
class EditionRules:
    """One dated set of rules."""

    name: Edition
    title: str
    in_force_from: date
    reply_rate: RateRule
    """What the rate is held against; it is a criterion only if `criteria` has it."""
    criteria: tuple[CriterionRule, ...]


@cache
def _editions() -> dict[Edition, EditionRules]:
    return parse_editions(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def parse_editions(data: str) -> dict[Edition, EditionRules]:
    """The editions of a rule file's text, by their names; how a block is written stands in editions.toml."""
    return {Edition(name): _edition(Edition(name), block) for name, block in tomllib.loads(data).items()}


def _edition(name: Edition, block: dict[str, Any]) -> EditionRules:
    rate = block["reply_rate"]
    return EditionRules(
        name,
        block["title"],
        block["in_force_from"],
        RateRule(rate["numerator"], rate["denominator"], rate["minimum"]),
        tuple(
            CriterionRule(
                each["id"],
                each["kind"],
                each.get("numerator"),
                each.get("denominator"),
                tuple(each.get("counts", ())),
                each.get("optional", False),
                each["confidence"],
                each["source"],
            )
            for each in block["criteria"]
        ),
    )


def edition_names() -> tuple[Edition, ...]:
    """Every edition there is, the oldest first."""
    return tuple(sorted(_editions(), key=lambda name: _editions()[name].in_force_from))


def get_edition(name: Edition) -> EditionRules:
    """The rules of an edition. Raises `InputError` for an unknown one."""
    if name not in _editions():
        raise InvalidInputError("certification-edition-unknown", written=name[:40], known=", ".join(edition_names()))
    return _editions()[name]
