"""The present rank and the next one, in one line."""

from typing import Final

from bot.domain.certification.ranks import NextRank
from bot.i18n.criteria import rank_criterion_name
from bot.i18n.formatting import format_day
from bot.i18n.translations import Translations
from bot.services.status import StatusReport

MAX_NAMES: Final = 3
"""Missing or unknown things that are named; further ones are counted, so that the line fits a phone."""


def rank_lines(texts: Translations, report: StatusReport) -> list[str]:
    """One line: the rank, whether the member declared it, and what the next one lacks.

    None in an edition without ranks.
    """
    following = report.rank.next_rank
    if report.rank.rank is None and following is None:
        return []
    line = _present_rank_text(texts, report)
    if following is not None:
        line += texts("rank-line-next", rank=texts(f"rank-{following.rank}"), gap=_next_rank_line(texts, following))
    return [line]


def _present_rank_text(texts: Translations, report: StatusReport) -> str:
    rank = report.rank.rank
    if rank is None:
        return texts("rank-line", rank=texts("rank-unknown"))
    name = texts(f"rank-{rank}")
    if not report.rank.is_declared:
        return texts("rank-line", rank=name)
    if report.rank_declared_on is None:
        return texts("rank-line-badge", rank=name)
    return texts("rank-line-declared", rank=name, day=format_day(texts, report.rank_declared_on))


def _next_rank_line(texts: Translations, following: NextRank) -> str:
    parts = []
    if following.missing:
        parts.append(texts("rank-missing", list=_rank_criterion_names(texts, following.missing)))
    if following.unknown:
        parts.append(texts("rank-not-known", list=_rank_criterion_names(texts, following.unknown)))
    return texts("rank-gap-join").join(parts) or texts("rank-complete")


def _rank_criterion_names(texts: Translations, ids: tuple[str, ...]) -> str:
    names = texts("rank-name-join").join(rank_criterion_name(texts, name) for name in ids[:MAX_NAMES])
    return names if len(ids) <= MAX_NAMES else texts("rank-more", names=names, count=len(ids) - MAX_NAMES)
