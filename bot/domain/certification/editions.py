"""The editions of the certification rules, read once from editions.toml (docs/domain-facts.md#criteria)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.reply.reply_rate import RateRule
from bot.domain.text import EXCERPT_LENGTH
from bot.domain.types import Edition
from bot.errors import InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRule:
    """One criterion. Its threshold is `numerator`/`denominator`; both are None where no threshold is published."""

    id: str
    kind: str
    numerator: int | None = None
    denominator: int | None = None
    methods: tuple[str, ...]
    """Only jobs of these methods count."""
    optional: bool = False
    """Whether a member without such jobs is not judged by it."""
    explanation: str | None = None
    """The text that explains it; None: the one named after the id."""
    confidence: str
    source: str

    @property
    def is_share(self) -> bool:
        """Whether its value is a percentage."""
        return self.kind in {"reply_rate", "completion", "satisfaction"}


@dataclass(frozen=True, slots=True)
class EditionRules:
    """One dated set of rules."""

    name: Edition
    title: str
    in_force_from: date | None
    """None: not known."""
    reply_rate: RateRule
    """The threshold of the reply rate, whether it is a criterion or not."""
    criteria: tuple[CriterionRule, ...]

    @property
    def judges_reply_rate(self) -> bool:
        """Whether the reply rate is one of its criteria; otherwise it is only published."""
        return self.reply_rate.is_criterion


@cache
def _load_editions() -> dict[Edition, EditionRules]:
    return parse_editions(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def parse_editions(data: str) -> dict[Edition, EditionRules]:
    """The editions in the text of a rule file, by name; editions.toml describes the format."""
    return {Edition(name): _edition(Edition(name), block) for name, block in tomllib.loads(data).items()}


def _edition(name: Edition, block: dict[str, Any]) -> EditionRules:
    return EditionRules(
        name,
        block["title"],
        block.get("in_force_from"),
        RateRule(**block["reply_rate"], is_criterion=any(each["kind"] == "reply_rate" for each in block["criteria"])),
        tuple(_criterion(criterion) for criterion in block["criteria"]),
    )


def _criterion(block: dict[str, Any]) -> CriterionRule:
    return CriterionRule(**{**block, "methods": tuple(block.get("methods", ()))})


def edition_names() -> tuple[Edition, ...]:
    """The names of all editions, the oldest first."""
    return tuple(_load_editions())


def edition_in_force(day: date) -> Edition | None:
    """The edition by which Lancers judges on a day; None where that is not known, or on a day before all of them."""
    for name, rules in reversed(_load_editions().items()):
        if rules.in_force_from is None:
            return None
        if rules.in_force_from <= day:
            return name
    return None


def get_edition(name: Edition) -> EditionRules:
    """The rules of an edition. Raises `InvalidInputError` for an unknown name."""
    if name not in _load_editions():
        known = ", ".join(edition_names())
        raise InvalidInputError("certification-edition-unknown", written=name[:EXCERPT_LENGTH], known=known)
    return _load_editions()[name]
