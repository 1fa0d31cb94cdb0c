"""The editions of the certification rules, read once from editions.toml (docs/domain-facts.md#criteria)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.domain.reply.reply_rate import RateRule
from bot.domain.text import format_excerpt
from bot.domain.types import Edition
from bot.errors import InvalidInputError

IDS_OF_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "reply_rate": ("reply_rate",),
    "completion": ("completion_rate", "task_approval"),
    "satisfaction": ("satisfaction",),
    "average": ("evaluation",),
    "earnings": ("earnings",),
    "count": ("profile",),
    "last_login": ("last_login",),
}
"""The ids that criteria of a kind may have. A criterion is judged by its kind; its texts, records and the figure that
Lancers displays for it are found by its id."""


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


@cache
def _load_editions() -> dict[Edition, EditionRules]:
    return parse_editions(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def parse_editions(data: str) -> dict[Edition, EditionRules]:
    """The editions in the text of a rule file, by name; editions.toml describes the format.

    Raises `ValueError` for a criterion that no code judges, and for a second threshold of the reply rate.
    """
    return {Edition(name): _parse_edition(Edition(name), block) for name, block in tomllib.loads(data).items()}


def _parse_edition(name: Edition, block: dict[str, Any]) -> EditionRules:
    is_criterion = any(criterion["kind"] == "reply_rate" for criterion in block["criteria"])
    reply_rate = RateRule(**block["reply_rate"], is_criterion=is_criterion)
    criteria = tuple(_parse_criterion(name, criterion, reply_rate) for criterion in block["criteria"])
    return EditionRules(name, block["title"], block.get("in_force_from"), reply_rate, criteria)


def _parse_criterion(edition: Edition, block: dict[str, Any], reply_rate: RateRule) -> CriterionRule:
    criterion_id, kind = block["id"], block["kind"]
    if criterion_id not in IDS_OF_KINDS.get(kind, ()):
        raise ValueError(f'{edition}: no code judges the criterion "{criterion_id}" as "{kind}". See IDS_OF_KINDS.')
    if kind == "reply_rate":
        if "numerator" in block or "denominator" in block:
            raise ValueError(
                f"{edition}: the threshold of the reply rate is that of the edition; remove the criterion's."
            )
        block = {**block, "numerator": reply_rate.numerator, "denominator": reply_rate.denominator}
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


@cache
def get_edition(name: Edition) -> EditionRules:
    """The rules of an edition. Raises `InvalidInputError` for an unknown name."""
    if name not in _load_editions():
        known = ", ".join(edition_names())
        raise InvalidInputError("certification-edition-unknown", written=format_excerpt(name), known=known)
    return _load_editions()[name]
