"""Every figure of the standing with its rule, its source and its rows."""

from collections.abc import Iterator
from typing import Final

from discord import ui

from bot.discord_app.features.jobs.cards import job_line
from bot.discord_app.features.status.card import criterion_notes, format_threshold, format_value
from bot.discord_app.ui.components import Target, pagination_buttons
from bot.discord_app.ui.formatting import format_duration, short_name, timestamp_full
from bot.discord_app.ui.layout import INFO, build_card, row, text
from bot.domain.certification.evaluation import Criterion
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import JobOutcome, category_key
from bot.domain.reply.thread_state import Verdict
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.status import Detail

PAGE_SIZE: Final = 3000
"""Characters on a page, and a line that passes it: within what a message holds."""

_VERDICT_ICONS: Final = {Verdict.ON_TIME: "✅", Verdict.LATE: "⚠️", Verdict.AMBIGUOUS: "❔"}


def detail_card(texts: Translations, detail: Detail, page: int = 0) -> ui.LayoutView:
    """A page of it; one past the end is the last one."""
    pages = _pages(_lines(texts, detail))
    page = min(max(page, 0), len(pages) - 1)
    parts = [text(texts("detail-title", edition=detail.report.standing.rules.name), *pages[page])]
    if len(pages) > 1:
        parts.append(text(texts("pagination-of", page=str(page + 1), pages=str(len(pages)))))
        return build_card([*parts, row(*pagination_buttons(texts, Target.STATUS_DETAIL, page, len(pages)))], INFO)
    return build_card(parts, INFO)


def _pages(lines: Iterator[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    size = 0
    for each in lines:
        if pages[-1] and size + len(each) > PAGE_SIZE:
            pages.append([])
            size = 0
        pages[-1].append(each)
        size += len(each) + 1
    return pages


def _lines(texts: Translations, detail: Detail) -> Iterator[str]:
    for criterion in detail.report.standing.criteria:
        yield texts(
            "detail-figure",
            name=texts(f"criterion-{criterion.id.replace('_', '-')}"),
            value=format_value(texts, criterion),
            line=format_threshold(texts, detail.report, criterion),
            status=texts(f"status-{criterion.status.replace('_', '-')}-name"),
        )
        yield texts(f"detail-rule-{criterion.id.replace('_', '-')}")
        yield "-# " + texts("rule-source", confidence=criterion.confidence, source=criterion.source)
        yield from criterion_notes(texts, detail.report, criterion)
        rows = list(_rows(texts, detail, criterion))
        yield texts("detail-rows", count=len(rows))
        yield from rows
    if all(each.id != "reply_rate" for each in detail.report.standing.criteria):
        # The edition does not judge by it, but the card shows it.
        yield texts("detail-reputation")
        yield from _replies(texts, detail)


def _rows(texts: Translations, detail: Detail, criterion: Criterion) -> Iterator[str]:
    jobs = detail.jobs
    match criterion.id:
        case "reply_rate":
            yield from _replies(texts, detail)
        case "completion_rate" | "task_approval":
            rule = next(each for each in detail.report.standing.rules.criteria if each.id == criterion.id)
            yield from (job_line(texts, each) for each in jobs if each.job.method in rule.methods)
        case "earnings":
            goal = detail.report.criteria_inputs.category
            yield from (
                job_line(texts, each)
                for each in jobs
                if each.job.outcome is JobOutcome.COMPLETED
                and (goal is None or category_key(each.job.category) == category_key(goal))
            )
        case "evaluation":
            yield from (
                job_line(texts, each) for each in jobs if each.job.evaluation and each.job.evaluation.tenths is not None
            )
        case "satisfaction":
            yield from (job_line(texts, each) for each in jobs if each.job.evaluation)
        case "profile":
            for item in ProfileItem:
                known = detail.profile.get(item)
                mark = "❔" if known is None else "✅" if known.is_filled else "⬜"
                day = formatting.format_day(texts, known.on if known else None)
                yield texts("profile-line", mark=mark, item=texts(f"profile-{item.replace('_', '-')}"), day=day)
        case "last_login" if detail.report.criteria_inputs.last_login is not None:
            yield texts("profile-login", day=formatting.format_day(texts, detail.report.criteria_inputs.last_login))


def _replies(texts: Translations, detail: Detail) -> Iterator[str]:
    for each in detail.replied:
        exchange = each.exchange
        yield texts(
            "detail-reply",
            mark=_VERDICT_ICONS[exchange.verdict],
            thread=short_name(texts, each.thread),
            asked=timestamp_full(exchange.received_at),
            replied=timestamp_full(exchange.replied_at),
            span=format_duration(texts, exchange.replied_at - exchange.received_at),
        )
