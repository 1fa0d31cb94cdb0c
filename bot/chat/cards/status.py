"""Where the member stands. No figure without its rule; what is not known is shown as not known."""

from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.certification.editions import edition_names
from bot.certification.reply_rate import ReplyRate, Status
from bot.certification.standing import Criterion
from bot.chat.cards.frame import CALM, GOOD, LATE, Part, card, line, text
from bot.chat.cards.receipt import rate
from bot.chat.words import from_now, on, thread_name
from bot.services.overview import Overview
from bot.texts.catalogue import Texts
from storage.members import Badge

SHOWN: Final = 5
"""Waiting threads on the card; the others are in /pending."""

BAR: Final = 20

_COLOURS: Final = {Status.MET: GOOD, Status.NOT_MET: LATE}


def status_card(texts: Texts, overview: Overview) -> ui.LayoutView:
    """Badge, criteria, rate, what waits, edition."""
    return card(_summary(texts, overview), _COLOURS.get(overview.standing.verdict, CALM))


def _summary(texts: Texts, overview: Overview) -> Iterator[Part]:
    verdict = texts(f"status-verdict-{_id(overview.standing.verdict)}")
    yield text(_badge(texts, overview), texts("status-review", date=f"{overview.next_review:%Y-%m-%d}"), verdict)
    yield line()
    yield text(*(_criterion(texts, overview, each) for each in overview.standing.criteria))
    yield line()
    yield text(*_rate(texts, overview))
    yield line()
    yield text(*_waiting(texts, overview))
    others = ", ".join(name for name in edition_names() if name != overview.standing.rules.name)
    yield text("-# " + texts("status-edition", edition=overview.standing.rules.name, others=others))


def _id(status: Status) -> str:
    return status.replace("_", "-")


def _badge(texts: Texts, overview: Overview) -> str:
    match overview.badge:
        case Badge.HELD if overview.badge_since:
            return texts("status-badge-held", since=discord.utils.format_dt(overview.badge_since, "D"))
        case Badge.HELD:
            return texts("status-badge-held-undated")
        case Badge.NOT_HELD:
            return texts("status-badge-not-held")
        case Badge.UNKNOWN:
            return texts("status-badge-unknown")


def _criterion(texts: Texts, overview: Overview, criterion: Criterion) -> str:
    return texts(
        "status-criterion",
        mark=texts(f"status-{_id(criterion.status)}"),
        name=texts(f"criterion-{criterion.id.replace('_', '-')}"),
        value=_value(criterion),
        line=line_of(texts, overview, criterion),
        status=texts(f"status-{_id(criterion.status)}-name"),
    )


def _value(criterion: Criterion) -> str:
    if criterion.value is None:
        return "–"
    return f"{criterion.value:.1f} %" if criterion.id == "reply_rate" else f"{criterion.value:g}"


def line_of(texts: Texts, overview: Overview, criterion: Criterion) -> str:
    """The line of a criterion, as people read it."""
    if criterion.id == "reply_rate":
        minimum = overview.standing.rules.reply_rate.minimum
        return texts("status-line-minimum", line=f"{criterion.threshold}", minimum=str(minimum))
    if criterion.threshold is None:
        return texts(f"line-{criterion.id.replace('_', '-')}")
    percent = criterion.id in {"completion_rate", "task_approval", "satisfaction"}
    return f"{criterion.threshold} %" if percent else f"{criterion.threshold}"


def _rate(texts: Texts, overview: Overview) -> Iterator[str]:
    figure, rule = overview.year.rate, overview.standing.rules.reply_rate
    if not figure.replies:
        yield texts("status-rate-none")
        return
    yield texts("status-rate", rate=rate(figure), bar=bar(figure, rule.numerator, rule.denominator))
    if figure.status(rule) is Status.MET:
        yield texts("status-rate-slack", slack=figure.slack(rule))
    else:
        yield texts("status-rate-needed", needed=figure.needed(rule))
    newest = ReplyRate(figure.replies, overview.year.newest_on_time, 0)
    if newest != ReplyRate(figure.replies, figure.on_time, 0):
        yield texts("status-rate-newest", rate=rate(newest))


def bar(figure: ReplyRate, numerator: int, denominator: int) -> str:
    """The rate as a bar with a mark at the line; never fuller than the rate is."""
    filled = figure.on_time * BAR // figure.replies
    cells = ["█" if place < filled else "░" for place in range(BAR)]
    cells.insert(BAR * numerator // denominator, "┃")
    return "".join(cells)


def _waiting(texts: Texts, overview: Overview) -> Iterator[str]:
    if not overview.waiting:
        yield texts("status-waiting-none")
        return
    yield texts("status-waiting", count=len(overview.waiting))
    for each in overview.waiting[:SHOWN]:
        due_at = each.unanswered.due_at
        yield texts(
            "status-waiting-line",
            mark="⚠️" if overview.as_of > due_at else "⏰",
            thread=thread_name(texts, each.thread),
            at=on(due_at),
            counting=from_now(due_at),
        )
    if len(overview.waiting) > SHOWN:
        yield texts("status-waiting-more", count=len(overview.waiting) - SHOWN)


def rules_card(texts: Texts, overview: Overview) -> ui.LayoutView:
    """Every rule of the edition with its confidence and source."""
    lines = [
        texts(
            "status-rule",
            name=texts(f"criterion-{each.id.replace('_', '-')}"),
            line=line_of(texts, overview, each),
            confidence=texts(f"confidence-{each.confidence}"),
            source=each.source,
        )
        for each in overview.standing.criteria
    ]
    return card([text(texts("status-rules-title", edition=overview.standing.rules.name), *lines)])
