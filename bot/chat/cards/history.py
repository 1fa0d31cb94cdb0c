"""The record, newest first, each entry with why it counted; and what a correction changed."""

from collections.abc import Iterator

from discord import ui

from bot.chat.cards.frame import CALM, GOOD, QUIET, Part, card, row, section, text
from bot.chat.cards.receipt import rate
from bot.chat.controls import Act, Of, Press, turn_pages
from bot.chat.words import on, short_name, span
from bot.domain.reply.explain import EntryExplanation, EntryVerdict
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import EventKind
from bot.i18n.translations import Translations
from bot.services.history import HistoryEntry, HistoryPage
from bot.services.results import EditSummary


def reason_text(texts: Translations, reason: EntryExplanation) -> str:
    """Why did this count?"""
    exchange = reason.exchange
    if exchange is not None:
        return texts(
            f"why-{reason.verdict.replace('_', '-')}",
            asked=on(exchange.received_at),
            newest=on(exchange.newest_received_at),
            replied=on(exchange.replied_at),
            span=span(texts, exchange.replied_at - exchange.received_at),
        )
    due = reason.unanswered.due_at if reason.unanswered else None
    return texts(f"why-{reason.verdict.replace('_', '-')}", due=on(due) if due else "–")


def verdict_word(texts: Translations, counted: EntryVerdict) -> str:
    """The same in a word."""
    return texts(f"counted-{counted.replace('_', '-')}")


def history_card(texts: Translations, found: HistoryPage) -> ui.LayoutView:
    """A page of the history."""
    if not found.total:
        return card([text(texts("history-none"))], QUIET)
    return card(_history(texts, found), CALM)


def _history(texts: Translations, found: HistoryPage) -> Iterator[Part]:
    yield text(texts("history-title", count=found.total))
    for each in found.entries:
        yield section(_entry(texts, each), Press(Of.MESSAGE, each.message.id, Act.LOOK, texts("act-look")))
    if found.pages > 1:
        yield text(texts("page-of", page=str(found.page + 1), pages=str(found.pages)))
        yield row(*turn_pages(texts, Of.HISTORY, found.page, found.pages))
    if found.last_step is not None:
        words = texts("history-last", what=texts(f"step-{found.last_step.kind}"), at=on(found.last_step.at))
        yield section(words, Press(Of.STEP, found.last_step.id, Act.REVERT, texts("act-revert")))


def _entry(texts: Translations, each: HistoryEntry) -> str:
    event = each.message.entry
    kind = event.direction if event.kind is EventKind.MESSAGE else event.kind.replace("_", "-")
    return texts(
        "history-entry",
        what=texts(f"history-{kind}", thread=short_name(texts, each.thread)),
        at=on(event.at),
        why=reason_text(texts, each.reason),
    )


def rework_card(texts: Translations, done: EditSummary) -> ui.LayoutView:
    """What a step over several messages came to."""
    names = " → ".join(short_name(texts, each) for each in done.threads[:4])
    return card(
        [
            text(
                texts(f"rework-{done.undo_kind}" if done.undo_kind in {"merged", "split"} else "rework-reverted",
                      what=texts(f"step-{done.undo_kind}"), count=done.messages, threads=names),
                texts("rework-verdicts", before=_verdicts(texts, done.verdicts_before),
                      after=_verdicts(texts, done.verdicts_after)),
                texts("receipt-rate", before=rate(texts, done.rate_before), after=rate(texts, done.rate_after)),
            )
        ],
        GOOD,
    )  # fmt: skip


def _verdicts(texts: Translations, found: ReplyRate) -> str:
    return texts("verdicts", on_time=found.on_time, late=found.late, ambiguous=found.ambiguous)
