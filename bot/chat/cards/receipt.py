"""The receipt of a recorded message, and what can be put right on it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import discord
from discord import ui

from bot.chat.cards.advice import late_line
from bot.chat.cards.frame import CALM, GOOD, LATE, QUIET, SOON, Part, card, row, text
from bot.chat.controls import Act, Of, choose_thread, presses
from bot.chat.panels.window import receipt_picture
from bot.chat.words import at, from_now, on, safe, span, thread_name
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Direction, EventKind, Verdict
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage.drafts import MissingInfo
from storage.threads import Thread


def receipt_card(texts: Translations, receipt: Receipt, choices: Sequence[Thread] = ()) -> ui.LayoutView:
    """Who, when, until when, from what it was read and how exactly; `choices` where the thread is not sorted yet."""
    return card(_parts(texts, receipt, choices), _colour(receipt), partial(receipt_picture, texts, receipt))


def _colour(receipt: Receipt) -> discord.Colour:
    if receipt.kind is ReceiptKind.UNDONE or receipt.message.entry.kind is not EventKind.MESSAGE:
        return QUIET
    if receipt.message.entry.direction is Direction.SENT:
        late = receipt.exchange is not None and receipt.exchange.verdict is not Verdict.ON_TIME
        return LATE if late else GOOD
    if receipt.window_closed:
        return LATE
    return CALM if _ahead(receipt) else SOON


def _parts(texts: Translations, receipt: Receipt, choices: Sequence[Thread]) -> Iterator[Part]:
    yield text(*_lines(texts, receipt))
    if receipt.kind is ReceiptKind.UNDONE:
        return
    number, kind = receipt.message.id, receipt.message.entry.kind
    if receipt.thread.unassigned:
        yield text(texts("receipt-who" if receipt.thread.client is None else "receipt-which"))
        yield row(choose_thread(texts, Of.MESSAGE, number, choices, another=True))
    acts = [Act.TIME, Act.MOVE, Act.TURN, Act.DISMISS, Act.UNDO]
    if kind is not EventKind.MESSAGE:
        acts = [Act.UNDO]
    elif receipt.message.entry.direction is Direction.SENT:
        acts = [Act.TIME, Act.MOVE, Act.TURN_BACK, Act.UNDO]
    elif receipt.unanswered is None or receipt.unanswered.dismissed:
        acts.remove(Act.DISMISS)
    elif receipt.message.looks_final:
        yield text(texts("receipt-closing"))
    yield row(*presses(texts, Of.MESSAGE, number, acts))
    if receipt.kind is ReceiptKind.SHOWN and not receipt.thread.unassigned:
        yield row(*presses(texts, Of.MESSAGE, number, [Act.SPLIT, Act.MERGE]))


def _lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    entry = receipt.message.entry
    thread = thread_name(texts, receipt.thread)
    if receipt.kind is ReceiptKind.UNDONE:
        yield texts("receipt-undone", thread=thread, at=on(entry.at))
    elif receipt.kind is ReceiptKind.REPEATED:
        yield texts("receipt-repeated")
    elif receipt.kind is ReceiptKind.CORRECTED:
        yield texts("receipt-corrected")
    if receipt.reason_before is not None:
        after = "nowhere" if receipt.kind is ReceiptKind.UNDONE else receipt.reason.verdict
        yield texts(
            "receipt-verdicts",
            before=texts(f"counted-{receipt.reason_before.verdict.replace('_', '-')}"),
            after=texts(f"counted-{after.replace('_', '-')}"),
        )
    if receipt.kind is not ReceiptKind.UNDONE:
        yield from _what(texts, receipt, thread)
    yield from _window(texts, receipt)
    if entry.direction is Direction.SENT or receipt.rate_before != receipt.rate_after:
        yield _rates(texts, receipt)


def _what(texts: Translations, receipt: Receipt, thread: str) -> Iterator[str]:
    message = receipt.message
    if message.entry.kind is not EventKind.MESSAGE:
        yield texts(f"receipt-{message.entry.kind.replace('_', '-')}", thread=thread)
        return
    yield texts(f"receipt-{message.entry.direction}", thread=thread)
    read = texts(
        "receipt-read", source=texts(f"source-{message.source}"), exactness=texts(f"exact-{message.precision}")
    )
    yield texts("receipt-at", at=on(message.entry.at), read=read)
    if message.entry.direction is Direction.SENT:
        exchange = receipt.exchange
        if exchange is None:
            yield texts("receipt-counts-nowhere")
        else:
            taken = span(texts, exchange.replied_at - exchange.received_at)
            yield texts(f"receipt-verdict-{exchange.verdict.replace('_', '-')}", span=taken)


def _window(texts: Translations, receipt: Receipt) -> Iterator[str]:
    unanswered = receipt.unanswered
    if unanswered is None:
        if receipt.message.entry.direction is Direction.RECEIVED and receipt.kind is not ReceiptKind.UNDONE:
            yield texts("receipt-answered")
        return
    if unanswered.dismissed:
        return
    yield texts("receipt-due", at=on(unanswered.due_at), left=from_now(unanswered.due_at))
    if receipt.window_closed:
        yield texts("receipt-closed")
        yield late_line(texts, late_reply_impact(receipt.rate_after, receipt.rule))
        return
    if unanswered.window_closes_at > unanswered.due_at:
        yield texts("receipt-newer-window", at=on(unanswered.window_closes_at))
    ahead = _ahead(receipt)
    if ahead:
        yield texts("receipt-reminders", times=" · ".join(at(instant) for instant in ahead))
    else:
        yield texts("receipt-is-the-reminder")


def _ahead(receipt: Receipt) -> list[datetime]:
    return [each.remind_at for each in receipt.reminders if each.kind is not ReminderKind.CLOSED]


def _rates(texts: Translations, receipt: Receipt) -> str:
    return texts("receipt-rate", before=rate(texts, receipt.rate_before), after=rate(texts, receipt.rate_after))


def rate(texts: Translations, figure: ReplyRate) -> str:
    """A rate in percent, floored to one decimal, with what it is made of."""
    if figure.permille is None:
        return formatting.EMPTY_VALUE
    made_of = f"{formatting.format_count(texts, figure.on_time)}/{formatting.format_count(texts, figure.replies)}"
    return f"{formatting.format_percent(texts, figure.permille)} ({made_of})"


def question_card(texts: Translations, question: ClarificationNeeded) -> ui.LayoutView:
    """What the member has to say before anything is recorded."""
    content, number = question.draft.content, question.draft.id
    client = f"**{safe(content.client)}**" if content.client else texts("thread-nobody")
    lines: list[str | None] = [
        texts(f"question-{content.missing}", client=client, at=on(content.sent_at) if content.sent_at else "–")
    ]
    match content.missing:
        case MissingInfo.TIME:
            controls = row(*presses(texts, Of.DRAFT, number, [Act.TIME, Act.DROP]))
        case MissingInfo.START_CLOCK:
            controls = row(*presses(texts, Of.DRAFT, number, [Act.START]))
        case MissingInfo.BADGE:
            controls = row(*presses(texts, Of.DRAFT, number, [Act.HELD, Act.DROP]))
        case MissingInfo.LATE_REPLY_WARNING:
            lines.append(_trap(texts, question))
            controls = row(*presses(texts, Of.DRAFT, number, [Act.COUNT_IT, Act.ELSEWHERE, Act.DROP]))
        case MissingInfo.THREAD:
            if not question.choices:
                return card([text(texts("question-thread-none", client=client))], QUIET)
            controls = row(choose_thread(texts, Of.DRAFT, number, question.choices, another=False))
    return card([text(*lines), controls])


def _trap(texts: Translations, question: ClarificationNeeded) -> str | None:
    prospect = question.prospect
    if prospect is None:
        return None
    return texts("question-trap-cost", before=rate(texts, prospect.rate_now), after=rate(texts, prospect.rate_if_reply))
