"""The record, newest first, each entry with why it counted; and what a correction changed."""

from collections.abc import Iterator

from discord import ui

from bot.discord_app.features.recording.receipt_card import format_rate
from bot.discord_app.ui.components import Action, ActionButton, Target, pagination_buttons
from bot.discord_app.ui.formatting import format_duration, short_name, timestamp_full
from bot.discord_app.ui.layout import INFO, MUTED, SUCCESS, LayoutItem, build_card, row, section_with_button, text
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import EntryExplanation, EntryVerdict, EventKind
from bot.i18n.translations import Translations
from bot.services.history import HistoryEntry, HistoryPage
from bot.services.results import EditSummary


def reason_text(texts: Translations, reason: EntryExplanation) -> str:
    """Why did this count?"""
    exchange = reason.exchange
    if exchange is not None:
        return texts(
            f"why-{reason.verdict.replace('_', '-')}",
            asked=timestamp_full(exchange.received_at),
            newest=timestamp_full(exchange.newest_received_at),
            replied=timestamp_full(exchange.replied_at),
            span=format_duration(texts, exchange.replied_at - exchange.received_at),
        )
    due = reason.unanswered.due_at if reason.unanswered else None
    return texts(f"why-{reason.verdict.replace('_', '-')}", due=timestamp_full(due) if due else "–")


def verdict_label(texts: Translations, counted: EntryVerdict) -> str:
    """The same in a word."""
    return texts(f"counted-{counted.replace('_', '-')}")


def history_card(texts: Translations, page: HistoryPage) -> ui.LayoutView:
    """A page of the history."""
    if not page.total:
        return build_card([text(texts("history-none"))], MUTED)
    return build_card(_history(texts, page), INFO)


def _history(texts: Translations, page: HistoryPage) -> Iterator[LayoutItem]:
    yield text(texts("history-title", count=page.total))
    for entry in page.entries:
        yield section_with_button(
            _entry(texts, entry), ActionButton(Target.MESSAGE, entry.message.id, Action.VIEW, texts("act-look"))
        )
    if page.pages > 1:
        yield text(texts("page-of", page=str(page.page + 1), pages=str(page.pages)))
        yield row(*pagination_buttons(texts, Target.HISTORY, page.page, page.pages))
    if page.last_step is not None:
        words = texts("history-last", what=texts(f"step-{page.last_step.kind}"), at=timestamp_full(page.last_step.at))
        yield section_with_button(
            words, ActionButton(Target.UNDO_STEP, page.last_step.id, Action.UNDO_STEP, texts("act-revert"))
        )


def _entry(texts: Translations, entry: HistoryEntry) -> str:
    event = entry.message.entry
    kind = event.direction if event.kind is EventKind.MESSAGE else event.kind.replace("_", "-")
    return texts(
        "history-entry",
        what=texts(f"history-{kind}", thread=short_name(texts, entry.thread)),
        at=timestamp_full(event.at),
        why=reason_text(texts, entry.reason),
    )


def edit_summary_card(texts: Translations, summary: EditSummary) -> ui.LayoutView:
    """What a step over several messages came to."""
    names = " → ".join(short_name(texts, entry) for entry in summary.threads[:4])
    return build_card(
        [
            text(
                texts(f"rework-{summary.undo_kind}" if summary.undo_kind in {"merged", "split"} else "rework-reverted",
                      what=texts(f"step-{summary.undo_kind}"), count=summary.messages, threads=names),
                texts("rework-verdicts", before=_verdicts(texts, summary.verdicts_before),
                      after=_verdicts(texts, summary.verdicts_after)),
                texts(
                    "receipt-rate",
                    before=format_rate(texts, summary.rate_before),
                    after=format_rate(texts, summary.rate_after),
                ),
            )
        ],
        SUCCESS,
    )  # fmt: skip


def _verdicts(texts: Translations, page: ReplyRate) -> str:
    return texts("verdicts", on_time=page.on_time, late=page.late, ambiguous=page.ambiguous)
