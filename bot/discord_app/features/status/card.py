"""The summary of /status, and the rules of the edition with their sources."""

from collections.abc import Iterator, Sequence
from typing import Final

import discord

from bot.discord_app.features.advice.cards import late_reply_cost
from bot.discord_app.features.status.criterion_text import (
    criterion_notes,
    estimate_notes,
    format_threshold,
    format_value,
)
from bot.discord_app.features.status.picture import criterion_row, status_picture
from bot.discord_app.features.status.rank_text import rank_lines
from bot.discord_app.ui.formatting import timestamp, waiting_name
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, Card, LayoutItem, build_card, separator, small_print, text
from bot.discord_app.ui.pictures import PictureSpec
from bot.domain.certification.editions import edition_names
from bot.domain.certification.evaluation import Criterion
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.i18n import formatting
from bot.i18n.reply_rate import MarginTexts, format_estimate, format_margin, format_rate, progress_bar
from bot.i18n.translations import Translations, hyphenated
from bot.services.status import StatusReport
from storage.exchanges import Week
from storage.members import Badge

BAR_WIDTH: Final = 20
"""Cells, without the mark."""

_MARGIN_TEXTS: Final = MarginTexts("status-rate-slack", "status-rate-needed")
_COLOURS: Final = {CriterionStatus.MET: SUCCESS, CriterionStatus.NOT_MET: DANGER}


def status_card(texts: Translations, report: StatusReport, weeks: Sequence[Week] | None = None) -> Card:
    """Badge, criteria, reply rate, unanswered threads, edition; with a picture if `weeks` are given."""

    def picture() -> PictureSpec | None:
        rows = [
            criterion_row(
                texts, criterion, format_value(texts, report, criterion), format_threshold(texts, report, criterion)
            )
            for criterion in report.standing.criteria
        ]
        return None if weeks is None else status_picture(texts, report, weeks, rows)

    return build_card(_parts(texts, report), _COLOURS.get(report.standing.verdict, INFO), picture)


def _parts(texts: Translations, report: StatusReport) -> Iterator[LayoutItem]:
    standing = report.standing
    review = "status-review" if report.review_day is None else "status-review-set"
    yield text(
        _badge(texts, report),
        texts(review, date=formatting.format_day(texts, report.next_review)),
        texts(f"status-verdict-{hyphenated(standing.verdict)}"),
        *rank_lines(texts, report),
    )
    yield separator()
    yield text(*(_criterion(texts, report, criterion) for criterion in standing.criteria))
    yield separator()
    yield text(*_rate_lines(texts, report))
    yield separator()
    yield text(*_waiting_lines(texts, report))
    others = ", ".join(name for name in edition_names() if name != standing.rules.name)
    yield text(small_print(texts("status-edition", edition=standing.rules.name, others=others)))


def _badge(texts: Translations, report: StatusReport) -> str:
    match report.badge:
        case Badge.HELD if report.badge_since:
            return texts("status-badge-held", since=discord.utils.format_dt(report.badge_since, "D"))
        case Badge.HELD:
            return texts("status-badge-held-undated")
        case Badge.NOT_HELD:
            return texts("status-badge-not-held")
        case Badge.UNKNOWN:
            return texts("status-badge-unknown")


def _criterion(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    status = hyphenated(criterion.status)
    line = texts(
        "status-criterion",
        mark=texts(f"status-{status}"),
        name=texts(f"criterion-{hyphenated(criterion.id)}"),
        value=format_value(texts, report, criterion),
        line=format_threshold(texts, report, criterion),
        status=texts(f"status-{status}-name"),
    )
    return "\n".join([line, *map(small_print, criterion_notes(texts, report, criterion))])


def _rate_lines(texts: Translations, report: StatusReport) -> Iterator[str]:
    rate, rule = report.rate, report.standing.rules.reply_rate
    if not rate.replies:
        yield texts("status-rate-none")
        return
    estimate = format_estimate(texts, rate)
    bar = progress_bar(rate, rule, BAR_WIDTH)
    yield texts("status-rate", rate=format_rate(texts, rate), estimate=estimate, bar=bar)
    yield format_margin(texts, rate, rule, _MARGIN_TEXTS)
    if not rule.is_criterion:
        yield from map(small_print, estimate_notes(texts, rate, rule))
    if rate.ambiguous:
        newest = ReplyRate(rate.replies, rate.on_time + rate.ambiguous, 0)
        yield texts("status-rate-newest", rate=format_rate(texts, newest))


def _waiting_lines(texts: Translations, report: StatusReport) -> Iterator[str]:
    if not report.waiting:
        yield texts("status-waiting-none")
        return
    yield texts("status-waiting", count=report.waiting_counts.total)
    for waiting in report.waiting:
        due_at = waiting.unanswered.due_at
        yield texts(
            "status-waiting-line",
            mark="⚠️" if report.as_of > due_at else "⏰",
            thread=waiting_name(texts, waiting),
            at=timestamp(due_at),
            counting=timestamp(due_at, "R"),
        )
    if report.waiting_counts.total > len(report.waiting):
        yield texts("status-waiting-more", count=report.waiting_counts.total - len(report.waiting))
    impact = late_reply_impact(report.rate, report.standing.rules.reply_rate)
    if report.waiting_counts.overdue and (cost := late_reply_cost(texts, impact)):
        yield cost


def rules_card(texts: Translations, report: StatusReport) -> Card:
    """Every criterion of the edition with its confidence and source."""
    lines = [
        texts(
            "status-rule",
            name=texts(f"criterion-{hyphenated(criterion.id)}"),
            line=format_threshold(texts, report, criterion),
            known=texts("rule-source", confidence=criterion.confidence, source=criterion.source),
        )
        for criterion in report.standing.criteria
    ]
    return build_card([text(texts("status-rules-title", edition=report.standing.rules.name), *lines)])
