"""The ranks of Lancers (ランサーランク), judged by the criteria of an edition (docs/domain-facts.md#ranks).

A rank is met when its own criteria and those of all lower ranks are met, not met when one of them is not, and else
unknown. The member's rank is the highest that is met; where a higher one is unknown, so is the rank.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import CertificationStatus
from bot.domain.certification.facts import CriteriaInputs, ProfileItem, RankItem
from bot.domain.reply.reply_rate import CriterionStatus
from bot.domain.types import Edition

FIRST_JOB: Final = "first_job"
"""The id of the criterion that a job was taken."""

_RULE_FILE: Final = Path(__file__).with_suffix(".toml")


class Rank(StrEnum):
    """A rank of Lancers, the lowest first."""

    NONE = "none"
    REGULAR = "regular"
    BRONZE = "bronze"
    SILVER = "silver"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class RankRule:
    """What a rank asks beside all that the ranks below it ask."""

    rank: Rank
    criteria: tuple[str, ...]
    """Ids of criteria and of profile items."""


@dataclass(frozen=True, slots=True)
class NextRank:
    """The rank after the present one, and which of its own criteria are not met, or not known."""

    rank: Rank
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankStanding:
    """A member's rank. None: not known, or the edition has no ranks."""

    rank: Rank | None = None
    is_declared: bool = False
    """By the member; then no criterion was asked about it."""
    next_rank: NextRank | None = None
    """None after the last rank, and in an edition without ranks."""


def parse_ranks(data: str) -> dict[Edition, tuple[RankRule, ...]]:
    """The ranks of each edition in the text of a rule file, the lowest first; ranks.toml describes the format.

    Raises `ValueError` where a rank asks for what its edition does not judge.
    """
    rules = tomllib.loads(data)
    return {Edition(name): _parse_ranks_of_edition(Edition(name), rules["ranks"]) for name in rules["editions"]}


def _parse_ranks_of_edition(edition: Edition, blocks: Iterable[dict[str, Any]]) -> tuple[RankRule, ...]:
    judged = {rule.id for rule in get_edition(edition).criteria} | {*ProfileItem, *RankItem, FIRST_JOB}
    ranks = []
    for block in blocks:
        criteria = tuple(block.get("in_editions", {}).get(edition, block["criteria"]))
        for name in criteria:
            if name not in judged:
                raise ValueError(f"{block['id']} asks in {edition} for {name}, which is no criterion there")
        ranks.append(RankRule(Rank(block["id"]), criteria))
    return tuple(ranks)


@cache
def _load_ranks() -> dict[Edition, tuple[RankRule, ...]]:
    return parse_ranks(_RULE_FILE.read_text(encoding="utf-8"))


def rank_rules(edition: Edition) -> tuple[RankRule, ...]:
    """The ranks in the time of an edition, the lowest first; none where there were no ranks."""
    return _load_ranks().get(edition, ())


@cache
def first_job_methods() -> tuple[str, ...]:
    """The contract methods of which a job counts as the first one, which a rank asks for."""
    return tuple(tomllib.loads(_RULE_FILE.read_text(encoding="utf-8"))[FIRST_JOB])


def judge_rank(standing: CertificationStatus, facts: CriteriaInputs, declared: Rank | None) -> RankStanding:
    """The rank and the next one. A rank that the member declares is the rank, whatever the criteria say."""
    rules = rank_rules(standing.rules.name)
    if not rules:
        return RankStanding()
    statuses = _criterion_status_by_id(standing, facts)
    if declared is not None:
        higher = tuple(Rank)[tuple(Rank).index(declared) + 1 :]
        following = next((_next_rank(rule, statuses) for rule in rules if rule.rank in higher[:1]), None)
        return RankStanding(declared, is_declared=True, next_rank=following)
    rank = Rank.NONE
    for rule in rules:
        gap = _next_rank(rule, statuses)
        if gap.missing or gap.unknown:
            return RankStanding(rank if gap.missing else None, next_rank=gap)
        rank = rule.rank
    return RankStanding(rank)


def _next_rank(rule: RankRule, statuses: Mapping[str, CriterionStatus]) -> NextRank:
    return NextRank(
        rule.rank,
        tuple(name for name in rule.criteria if statuses[name] is CriterionStatus.NOT_MET),
        # A reply rate that is not judged yet is not known here.
        tuple(
            name for name in rule.criteria if statuses[name] in {CriterionStatus.UNKNOWN, CriterionStatus.NOT_JUDGED}
        ),
    )


def _criterion_status_by_id(standing: CertificationStatus, facts: CriteriaInputs) -> dict[str, CriterionStatus]:
    """Every criterion that a rank can ask, by its id."""
    items: dict[str, bool | None] = {
        item: None if facts.profile is None else item in facts.profile for item in ProfileItem
    }
    # What follows from another item need not be said: no introduction is a short one, and a skill is one.
    introduction = None if items[ProfileItem.SELF_INTRODUCTION] is not False else False
    items |= {
        RankItem.INTRODUCTION_LENGTH: facts.rank_items.get(RankItem.INTRODUCTION_LENGTH, introduction),
        RankItem.BACKGROUND: items[ProfileItem.CAREER] or facts.rank_items.get(RankItem.BACKGROUND),
        RankItem.SKILL_OR_PORTFOLIO: items[ProfileItem.SKILLS] or facts.rank_items.get(RankItem.SKILL_OR_PORTFOLIO),
        FIRST_JOB: has_taken_job(facts) or None,
    }
    return {criterion.id: criterion.status for criterion in standing.criteria} | {
        name: CriterionStatus.UNKNOWN if met is None else CriterionStatus.MET if met else CriterionStatus.NOT_MET
        for name, met in items.items()
    }


def has_taken_job(facts: CriteriaInputs) -> bool:
    """Whether a job is known to have been taken; Lancers displays a completion rate only to whoever completed one."""
    return facts.has_taken_job or bool(facts.displayed is not None and facts.displayed.completion_rate)
