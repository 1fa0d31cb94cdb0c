"""Every criterion with its figure, its rule, its source and the rows behind it, in pages."""

from collections.abc import Callable, Iterator
from typing import Final

from bot.discord_app.features.jobs.cards import job_line
from bot.discord_app.features.profile.cards import profile_item_line
from bot.discord_app.features.status.criterion_text import (
    criterion_notes,
    format_criterion_threshold,
    format_criterion_value,
)
from bot.discord_app.ui.components import action_row, pagination_items
from bot.discord_app.ui.formatting import format_duration, format_short_thread_name, format_timestamp
from bot.discord_app.ui.layout import INFO, Card, build_card, small_print, text_block
from bot.discord_app.ui.pictures import PictureSpec
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.criterion import Basis, Criterion
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import JobOutcome, job_category_key
from bot.domain.reply.reply_rate import CriterionStatus
from bot.domain.reply.thread_state import Verdict
from bot.i18n import formatting
from bot.i18n.criteria import format_criterion_status
from bot.i18n.translations import Translations
from bot.services.status import Detail
from storage.jobs import StoredJob

PAGE_SIZE: Final = 3000
"""Characters on a page; with the title and one line more they fit the text of a message."""

_VERDICT_ICONS: Final = {Verdict.ON_TIME: "✅", Verdict.LATE: "⚠️", Verdict.AMBIGUOUS: "❔"}


def status_detail_card(
    texts: Translations, detail: Detail, page: int = 0, *, picture: Callable[[], PictureSpec | None] | None = None
) -> Card:
    """A page, from 0; the last one where `page` is past the end. It leads back to the summary."""
    pages = _split_details_into_pages(_status_detail_lines(texts, detail))
    page = min(max(page, 0), len(pages) - 1)
    title = texts("detail-title", edition=detail.report.standing.rules.name)
    parts = [
        text_block(title, *pages[page]),
        *pagination_items(texts, Target.STATUS_DETAIL, page, len(pages)),
        action_row(texts, Target.STATUS, 0, [Action.BACK]),
    ]
    return build_card(parts, INFO, picture)


def _split_details_into_pages(lines: Iterator[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    size = 0
    for line in lines:
        if pages[-1] and size + len(line) > PAGE_SIZE:
            pages.append([])
            size = 0
        pages[-1].append(line)
        size += len(line) + 1
    return pages


def _status_detail_lines(texts: Translations, detail: Detail) -> Iterator[str]:
    standing = detail.report.standing
    for rule, criterion in zip(standing.rules.criteria, standing.criteria, strict=True):
        yield texts(
            "detail-figure",
            name=texts(f"criterion-{criterion.id}"),
            value=format_criterion_value(texts, detail.report, criterion),
            line=format_criterion_threshold(texts, detail.report, criterion),
            status=format_criterion_status(texts, standing, criterion),
        )
        yield texts(f"detail-rule-{rule.explanation or criterion.id}")
        yield small_print(texts("rule-source", confidence=criterion.confidence, source=criterion.source))
        yield from criterion_notes(texts, detail.report, criterion)
        jobs = _criterion_jobs(detail, criterion)
        rows = list(_criterion_records(texts, detail, criterion)) if jobs is None else []
        # One entry can be several jobs: the figure above counts them.
        count = len(rows) if jobs is None else sum(stored.job.count for stored in jobs)
        if count or criterion.status is not CriterionStatus.UNKNOWN:  # else a note has said what is missing
            yield texts("detail-rows", count=count)
        yield from rows if jobs is None else (job_line(texts, stored) for stored in jobs)
    if all(criterion.id != "reply_rate" for criterion in detail.report.standing.criteria):
        # The edition does not judge by the reply rate, but the card shows it.
        yield texts("detail-reputation")
        yield from _reply_records(texts, detail)


def _criterion_jobs(detail: Detail, criterion: Criterion) -> list[StoredJob] | None:
    """The jobs by which a criterion was judged, beside a displayed figure; None for one that is not about jobs."""
    is_displayed = criterion.basis is Basis.DISPLAYED
    displayed_on = detail.report.criteria_inputs.displayed_day(criterion.id) if is_displayed else None
    jobs = [stored for stored in detail.jobs if displayed_on is None or stored.job.day > displayed_on]
    match criterion.id:
        case "completion_rate" | "task_approval":
            rule = next(rule for rule in detail.report.standing.rules.criteria if rule.id == criterion.id)
            return [stored for stored in jobs if stored.job.method in rule.methods]
        case "earnings":
            category = None if criterion.goal is None else criterion.goal.category
            return [
                stored
                for stored in jobs
                if stored.job.outcome is JobOutcome.COMPLETED
                and (category is None or job_category_key(stored.job.category) == job_category_key(category))
            ]
        case "evaluation":
            return [stored for stored in jobs if stored.job.evaluation and stored.job.evaluation.tenths is not None]
        case "satisfaction":
            return [stored for stored in jobs if stored.job.evaluation]
        case _:
            return None


def _criterion_records(texts: Translations, detail: Detail, criterion: Criterion) -> Iterator[str]:
    match criterion.id:
        case "reply_rate":
            yield from _reply_records(texts, detail)
        case "profile":
            for item in ProfileItem:
                declared = detail.profile.get(item)
                day = formatting.format_day(texts, declared.on if declared else None)
                yield profile_item_line(texts, item, declared, day)
        case "last_login" if detail.report.criteria_inputs.last_login is not None:
            yield texts("profile-login", day=formatting.format_day(texts, detail.report.criteria_inputs.last_login))


def _reply_records(texts: Translations, detail: Detail) -> Iterator[str]:
    for reply in detail.replied:
        exchange = reply.exchange
        yield texts(
            "detail-reply",
            mark=_VERDICT_ICONS[exchange.verdict],
            thread=format_short_thread_name(texts, reply.thread),
            asked=format_timestamp(exchange.received_at),
            replied=format_timestamp(exchange.replied_at),
            span=format_duration(texts, exchange.replied_at - exchange.received_at),
        )
