"""The history, newest first, with the reason why each entry counts as it does; and the result of an edit."""

from collections.abc import Iterator

from discord import ui

from bot.discord_app.ui.components import ActionButton, pagination_items
from bot.discord_app.ui.formatting import format_duration, format_short_thread_name, format_timestamp
from bot.discord_app.ui.layout import INFO, SUCCESS, Card, LayoutItem, build_card, notice_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import EntryVerdict, EventKind
from bot.i18n.formatting import EMPTY_VALUE
from bot.i18n.reply_rate import format_rate_change
from bot.i18n.translations import Translations
from bot.services.history import HistoryEntry, HistoryPage
from bot.services.results import EditSummary
from storage.undo_log import UndoStep


def history_card(texts: Translations, page: HistoryPage) -> Card:
    """A page of the history; where nothing is left of it, its last step can still be undone."""
    if not page.total and page.last_step is None:
        return notice_card(texts("history-none"))
    return build_card(_history_page_parts(texts, page), INFO)


def _history_page_parts(texts: Translations, page: HistoryPage) -> Iterator[LayoutItem]:
    yield text_block(texts("history-title", count=page.total) if page.total else texts("history-none"))
    for entry in page.entries:
        button = ActionButton(Target.MESSAGE, entry.message.id, Action.VIEW, texts("action-look"))
        yield ui.Section(_history_entry_text(texts, entry), accessory=button)
    yield from pagination_items(texts, Target.HISTORY, page.page, page.pages)
    if (step := page.last_step) is not None:
        description = texts("history-last", what=texts(f"step-{step.kind}"), at=format_timestamp(step.at))
        button = ActionButton(Target.UNDO_STEP, step.id, Action.UNDO_STEP, texts("action-revert"))
        yield ui.Section(description, accessory=button)


def _history_entry_text(texts: Translations, entry: HistoryEntry) -> str:
    event = entry.message.entry
    kind = event.direction if event.kind is EventKind.MESSAGE else event.kind
    return texts(
        "history-entry",
        what=texts(f"history-{kind}", thread=format_short_thread_name(texts, entry.thread)),
        at=format_timestamp(event.at),
        why=_entry_explanation_text(texts, entry),
    )


def _entry_explanation_text(texts: Translations, entry: HistoryEntry) -> str:
    reason, exchange = entry.reason, entry.reason.exchange
    text_id = f"reason-{reason.verdict}"
    if reason.verdict is EntryVerdict.DISMISSED and not entry.thread.counts_in_rate:
        return texts("reason-dismissed-other-site")
    if exchange is None:
        return texts(text_id, due=format_timestamp(reason.unanswered.due_at) if reason.unanswered else EMPTY_VALUE)
    return texts(
        text_id,
        asked=format_timestamp(exchange.received_at),
        newest=format_timestamp(exchange.newest_received_at),
        span=format_duration(texts, exchange.replied_at - exchange.received_at),
    )


def edit_summary_card(texts: Translations, summary: EditSummary) -> Card:
    """What an edit of several messages changed: the threads, their verdicts, the reply rate."""
    text_id = "edit-undone" if summary.undone else f"edit-{summary.undo_kind}"
    names = (" · " if summary.undone else " → ").join(
        format_short_thread_name(texts, thread) for thread in summary.threads[:4]
    )
    before = _verdict_counts_text(texts, summary.verdicts_before)
    after = _verdict_counts_text(texts, summary.verdicts_after)
    lines = text_block(
        texts(text_id, what=texts(f"step-{summary.undo_kind}"), count=summary.messages, threads=names),
        None if before == after else texts("edit-verdicts", before=before, after=after),
        format_rate_change(texts, summary.rate_before, summary.rate_after, summary.rule),
    )
    return build_card([lines], SUCCESS)


def already_undone_card(texts: Translations, step: UndoStep) -> Card:
    """The last step was an undo itself: whether it is to be taken back, too."""
    button = ActionButton(Target.UNDO_STEP, step.id, Action.UNDO_STEP, texts("edit-take-back"))
    return build_card([text_block(texts("edit-undone-before", what=texts(f"step-{step.kind}"))), ui.ActionRow(button)])


def _verdict_counts_text(texts: Translations, rate: ReplyRate) -> str:
    return texts("verdicts", on_time=rate.on_time, late=rate.late, ambiguous=rate.ambiguous)
