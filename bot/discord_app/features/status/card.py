"""Where the member stands. No figure without its rule; what is not known is shown as not known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.advice.cards import late_reply_cost
from bot.discord_app.features.recording.receipt_card import format_rate
from bot.discord_app.features.status.picture import criterion_row, status_picture
from bot.discord_app.ui.formatting import short_name, timestamp_full, timestamp_relative
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, LayoutItem, build_card, separator, text
from bot.discord_app.ui.pictures import PictureSpec
from bot.domain.certification.editions import edition_names
from bot.domain.certification.evaluation import Basis, Criterion
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.status import StatusReport
from storage.members import Badge
from storage.reply_state import Week

PERCENT_CRITERIA: Final = {"reply_rate", "completion_rate", "task_approval", "satisfaction"}
"""What is read in percent."""

MAX_ROWS: Final = 5
"""Waiting threads on the card; the others are in /pending."""

BAR_WIDTH: Final = 20

_COLOURS: Final = {CriterionStatus.MET: SUCCESS, CriterionStatus.NOT_MET: DANGER}


def status_card(texts: Translations, report: StatusReport, weeks: Sequence[Week] | None = None) -> ui.LayoutView:
    """Badge, criteria, rate, what waits, edition; `weeks` where there may be a picture."""

    def picture() -> PictureSpec | None:
        rows = [
            criterion_row(texts, each, format_value(texts, each), format_threshold(texts, report, each))
            for each in report.standing.criteria
        ]
        return None if weeks is None else status_picture(texts, report, weeks, rows)

    return build_card(_summary(texts, report), _COLOURS.get(report.standing.verdict, INFO), picture)


def _summary(texts: Translations, report: StatusReport) -> Iterator[LayoutItem]:
    verdict = texts(f"status-verdict-{_text_id(report.standing.verdict)}")
    review = "status-review" if report.review_day is None else "status-review-set"
    yield text(_badge(texts, report), texts(review, date=formatting.format_day(texts, report.next_review)), verdict)
    yield separator()
    yield text(*(_criterion(texts, report, each) for each in report.standing.criteria))
    yield separator()
    yield text(*_rate(texts, report))
    yield separator()
    yield text(*_open_windows(texts, report))
    others = ", ".join(name for name in edition_names() if name != report.standing.rules.name)
    yield text("-# " + texts("status-edition", edition=report.standing.rules.name, others=others))


def _text_id(status: CriterionStatus) -> str:
    return status.replace("_", "-")


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
    said = texts(
        "status-criterion",
        mark=texts(f"status-{_text_id(criterion.status)}"),
        name=texts(f"criterion-{criterion.id.replace('_', '-')}"),
        value=format_value(texts, criterion),
        line=format_threshold(texts, report, criterion),
        status=texts(f"status-{_text_id(criterion.status)}-name"),
    )
    return "\n".join([said, *(f"-# {each}" for each in criterion_notes(texts, report, criterion))])


def format_value(texts: Translations, criterion: Criterion) -> str:
    """A criterion's figure, as people read it."""
    match criterion.value:
        case None:
            return formatting.EMPTY_VALUE
        case int() if criterion.id == "earnings":
            return formatting.format_yen(texts, criterion.value)
        case float() if criterion.id in PERCENT_CRITERIA:
            made_of = "/".join(formatting.format_count(texts, each) for each in criterion.out_of or ())
            share = formatting.format_percent(texts, round(criterion.value * 10))  # it has one decimal already
            return f"{share} ({made_of})" if made_of else share
        case float():
            return formatting.format_stars(texts, round(criterion.value * 100))
        case date():
            return formatting.format_day(texts, criterion.value)
        case value:
            return f"{value}"


def criterion_notes(texts: Translations, report: StatusReport, criterion: Criterion) -> Iterator[str]:
    """Why it is unknown, what it leaves out, what it rests on, and how old that is."""
    name = criterion.id.replace("_", "-")
    bridge = report.criteria_inputs.estimate
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
            if criterion.id == "earnings" and report.criteria_inputs.earnings_threshold is None
            else name
        )
        yield texts(f"note-lacks-{lacks}")
    if criterion.basis is Basis.DISPLAYED and report.calibration is not None:
        yield texts("note-displayed", day=formatting.format_day(texts, report.calibration.displayed.on))
    if criterion.excluded:
        yield texts(f"note-left-out-{name}", count=criterion.excluded)
    said_on = {
        "profile": report.profile_confirmed,
        "earnings": report.goal.set_on if report.goal else None,
    }.get(criterion.id)
    if criterion.basis is not Basis.RECORDED and report.calibration is not None:
        said_on = report.calibration.displayed.on
    if report.is_stale(said_on):
        yield texts(
            f"note-old-{'displayed' if criterion.basis is not Basis.RECORDED else name}",
            day=formatting.format_day(texts, said_on),
        )


def format_threshold(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    """The line of a criterion, as people read it."""
    if criterion.id == "reply_rate":
        minimum = report.standing.rules.reply_rate.minimum
        return texts("status-line-minimum", line=f"{criterion.threshold}", minimum=str(minimum))
    match criterion.threshold:
        case None:
            return texts(f"line-{criterion.id.replace('_', '-')}")
        case int() if criterion.id == "earnings":
            return texts("line-own", line=formatting.format_yen(texts, criterion.threshold))
        case date():
            return texts("line-since", day=formatting.format_day(texts, criterion.threshold))
        case threshold:
            return f"{threshold} %" if criterion.id in PERCENT_CRITERIA else f"{threshold}"


def _rate(texts: Translations, report: StatusReport) -> Iterator[str]:
    figure, rule = report.year.rate, report.standing.rules.reply_rate
    if not figure.replies:
        yield texts("status-rate-none")
        return
    name = "status-rate" if report.criteria_inputs.estimate is None else "status-rate-recorded"
    yield texts(name, rate=format_rate(texts, figure), bar=formatting.progress_bar(figure, rule, BAR_WIDTH))
    if figure.status(rule) is CriterionStatus.MET:
        yield texts("status-rate-slack", slack=figure.late_replies_allowed(rule))
    else:
        yield texts("status-rate-needed", needed=figure.replies_needed(rule))
    newest = ReplyRate(figure.replies, report.year.newest_on_time, 0)
    if newest != ReplyRate(figure.replies, figure.on_time, 0):
        yield texts("status-rate-newest", rate=format_rate(texts, newest))


def _open_windows(texts: Translations, report: StatusReport) -> Iterator[str]:
    if not report.waiting:
        yield texts("status-waiting-none")
        return
    yield texts("status-waiting", count=len(report.waiting))
    for each in report.waiting[:MAX_ROWS]:
        due_at = each.unanswered.due_at
        yield texts(
            "status-waiting-line",
            mark="⚠️" if report.as_of > due_at else "⏰",
            thread=short_name(texts, each.thread),
            at=timestamp_full(due_at),
            counting=timestamp_relative(due_at),
        )
    if len(report.waiting) > MAX_ROWS:
        yield texts("status-waiting-more", count=len(report.waiting) - MAX_ROWS)
    if any(report.as_of > each.unanswered.due_at for each in report.waiting):
        yield late_reply_cost(texts, late_reply_impact(report.year.rate, report.standing.rules.reply_rate))


def rules_card(texts: Translations, report: StatusReport) -> ui.LayoutView:
    """Every rule of the edition with its confidence and source."""
    lines = [
        texts(
            "status-rule",
            name=texts(f"criterion-{each.id.replace('_', '-')}"),
            line=format_threshold(texts, report, each),
            known=texts("known-from", confidence=each.confidence, source=each.source),
        )
        for each in report.standing.criteria
    ]
    return build_card([text(texts("status-rules-title", edition=report.standing.rules.name), *lines)])
