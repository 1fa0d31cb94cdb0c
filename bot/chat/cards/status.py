"""Where the member stands. No figure without its rule; what is not known is shown as not known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import discord
from discord import ui

from bot.chat.cards.advice import late_line
from bot.chat.cards.frame import CALM, GOOD, LATE, Part, card, line, text
from bot.chat.cards.receipt import rate
from bot.chat.panels.picture import Picture
from bot.chat.panels.status import criterion_row, status_picture
from bot.chat.words import from_now, on, short_name
from bot.domain.certification.editions import edition_names
from bot.domain.certification.evaluation import Basis, Criterion
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.status import StatusReport
from storage.members import Badge
from storage.reply_state import Week

SHARES: Final = {"reply_rate", "completion_rate", "task_approval", "satisfaction"}
"""What is read in percent."""

SHOWN: Final = 5
"""Waiting threads on the card; the others are in /pending."""

BAR: Final = 20

_COLOURS: Final = {CriterionStatus.MET: GOOD, CriterionStatus.NOT_MET: LATE}


def status_card(texts: Translations, overview: StatusReport, weeks: Sequence[Week] | None = None) -> ui.LayoutView:
    """Badge, criteria, rate, what waits, edition; `weeks` where there may be a picture."""

    def picture() -> Picture | None:
        rows = [
            criterion_row(texts, each, value_of(texts, each), line_of(texts, overview, each))
            for each in overview.standing.criteria
        ]
        return None if weeks is None else status_picture(texts, overview, weeks, rows)

    return card(_summary(texts, overview), _COLOURS.get(overview.standing.verdict, CALM), picture)


def _summary(texts: Translations, overview: StatusReport) -> Iterator[Part]:
    verdict = texts(f"status-verdict-{_id(overview.standing.verdict)}")
    review = "status-review" if overview.review_day is None else "status-review-set"
    yield text(_badge(texts, overview), texts(review, date=formatting.format_day(texts, overview.next_review)), verdict)
    yield line()
    yield text(*(_criterion(texts, overview, each) for each in overview.standing.criteria))
    yield line()
    yield text(*_rate(texts, overview))
    yield line()
    yield text(*_waiting(texts, overview))
    others = ", ".join(name for name in edition_names() if name != overview.standing.rules.name)
    yield text("-# " + texts("status-edition", edition=overview.standing.rules.name, others=others))


def _id(status: CriterionStatus) -> str:
    return status.replace("_", "-")


def _badge(texts: Translations, overview: StatusReport) -> str:
    match overview.badge:
        case Badge.HELD if overview.badge_since:
            return texts("status-badge-held", since=discord.utils.format_dt(overview.badge_since, "D"))
        case Badge.HELD:
            return texts("status-badge-held-undated")
        case Badge.NOT_HELD:
            return texts("status-badge-not-held")
        case Badge.UNKNOWN:
            return texts("status-badge-unknown")


def _criterion(texts: Translations, overview: StatusReport, criterion: Criterion) -> str:
    said = texts(
        "status-criterion",
        mark=texts(f"status-{_id(criterion.status)}"),
        name=texts(f"criterion-{criterion.id.replace('_', '-')}"),
        value=value_of(texts, criterion),
        line=line_of(texts, overview, criterion),
        status=texts(f"status-{_id(criterion.status)}-name"),
    )
    return "\n".join([said, *(f"-# {each}" for each in notes_of(texts, overview, criterion))])


def value_of(texts: Translations, criterion: Criterion) -> str:
    """A criterion's figure, as people read it."""
    match criterion.value:
        case None:
            return formatting.EMPTY_VALUE
        case int() if criterion.id == "earnings":
            return formatting.format_yen(texts, criterion.value)
        case float() if criterion.id in SHARES:
            made_of = "/".join(formatting.format_count(texts, each) for each in criterion.out_of or ())
            share = formatting.format_percent(texts, round(criterion.value * 10))  # it has one decimal already
            return f"{share} ({made_of})" if made_of else share
        case float():
            return formatting.format_stars(texts, round(criterion.value * 100))
        case date():
            return formatting.format_day(texts, criterion.value)
        case value:
            return f"{value}"


def notes_of(texts: Translations, overview: StatusReport, criterion: Criterion) -> Iterator[str]:
    """Why it is unknown, what it leaves out, what it rests on, and how old that is."""
    name = criterion.id.replace("_", "-")
    bridge = overview.criteria_inputs.estimate
    if criterion.basis is Basis.ESTIMATED and bridge is not None:
        yield texts(
            "note-estimate",
            unseen=bridge.unseen,
            worst=formatting.format_percent(texts, bridge.worst.permille),
            best=formatting.format_percent(texts, bridge.best.permille),
            until=formatting.format_day(texts, bridge.until),
        )
    elif criterion.status is CriterionStatus.UNKNOWN:
        lacks = (
            "earnings-line"
            if criterion.id == "earnings" and overview.criteria_inputs.earnings_threshold is None
            else name
        )
        yield texts(f"note-lacks-{lacks}")
    if criterion.basis is Basis.DISPLAYED and overview.calibration is not None:
        yield texts("note-displayed", day=formatting.format_day(texts, overview.calibration.displayed.on))
    if criterion.excluded:
        yield texts(f"note-left-out-{name}", count=criterion.excluded)
    said_on = {
        "profile": overview.profile_confirmed,
        "earnings": overview.goal.set_on if overview.goal else None,
    }.get(criterion.id)
    if criterion.basis is not Basis.RECORDED and overview.calibration is not None:
        said_on = overview.calibration.displayed.on
    if overview.is_stale(said_on):
        yield texts(
            f"note-old-{'displayed' if criterion.basis is not Basis.RECORDED else name}",
            day=formatting.format_day(texts, said_on),
        )


def line_of(texts: Translations, overview: StatusReport, criterion: Criterion) -> str:
    """The line of a criterion, as people read it."""
    if criterion.id == "reply_rate":
        minimum = overview.standing.rules.reply_rate.minimum
        return texts("status-line-minimum", line=f"{criterion.threshold}", minimum=str(minimum))
    match criterion.threshold:
        case None:
            return texts(f"line-{criterion.id.replace('_', '-')}")
        case int() if criterion.id == "earnings":
            return texts("line-own", line=formatting.format_yen(texts, criterion.threshold))
        case date():
            return texts("line-since", day=formatting.format_day(texts, criterion.threshold))
        case line:
            return f"{line} %" if criterion.id in SHARES else f"{line}"


def _rate(texts: Translations, overview: StatusReport) -> Iterator[str]:
    figure, rule = overview.year.rate, overview.standing.rules.reply_rate
    if not figure.replies:
        yield texts("status-rate-none")
        return
    name = "status-rate" if overview.criteria_inputs.estimate is None else "status-rate-recorded"
    yield texts(name, rate=rate(texts, figure), bar=bar(figure, rule.numerator, rule.denominator))
    if figure.status(rule) is CriterionStatus.MET:
        yield texts("status-rate-slack", slack=figure.late_replies_allowed(rule))
    else:
        yield texts("status-rate-needed", needed=figure.replies_needed(rule))
    newest = ReplyRate(figure.replies, overview.year.newest_on_time, 0)
    if newest != ReplyRate(figure.replies, figure.on_time, 0):
        yield texts("status-rate-newest", rate=rate(texts, newest))


def bar(figure: ReplyRate, numerator: int, denominator: int) -> str:
    """The rate as a bar with a mark at the line; never fuller than the rate is."""
    filled = figure.on_time * BAR // figure.replies
    cells = ["█" if place < filled else "░" for place in range(BAR)]
    cells.insert(BAR * numerator // denominator, "┃")
    return "".join(cells)


def _waiting(texts: Translations, overview: StatusReport) -> Iterator[str]:
    if not overview.waiting:
        yield texts("status-waiting-none")
        return
    yield texts("status-waiting", count=len(overview.waiting))
    for each in overview.waiting[:SHOWN]:
        due_at = each.unanswered.due_at
        yield texts(
            "status-waiting-line",
            mark="⚠️" if overview.as_of > due_at else "⏰",
            thread=short_name(texts, each.thread),
            at=on(due_at),
            counting=from_now(due_at),
        )
    if len(overview.waiting) > SHOWN:
        yield texts("status-waiting-more", count=len(overview.waiting) - SHOWN)
    if any(overview.as_of > each.unanswered.due_at for each in overview.waiting):
        yield late_line(texts, late_reply_impact(overview.year.rate, overview.standing.rules.reply_rate))


def rules_card(texts: Translations, overview: StatusReport) -> ui.LayoutView:
    """Every rule of the edition with its confidence and source."""
    lines = [
        texts(
            "status-rule",
            name=texts(f"criterion-{each.id.replace('_', '-')}"),
            line=line_of(texts, overview, each),
            known=texts("known-from", confidence=each.confidence, source=each.source),
        )
        for each in overview.standing.criteria
    ]
    return card([text(texts("status-rules-title", edition=overview.standing.rules.name), *lines)])
