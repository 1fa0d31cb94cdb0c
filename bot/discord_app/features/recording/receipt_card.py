"""The receipt of a recorded message, and what can be put right on it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import discord
from discord import ui

from bot.discord_app.features.advice.cards import late_reply_cost
from bot.discord_app.features.recording.picture import receipt_picture
from bot.discord_app.ui.components import Action, Target, action_buttons, thread_select
from bot.discord_app.ui.formatting import (
    escape,
    format_duration,
    thread_name,
    timestamp_full,
    timestamp_relative,
    timestamp_time,
)
from bot.discord_app.ui.layout import DANGER, INFO, MUTED, SUCCESS, WARNING, LayoutItem, build_card, row, text
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
    return build_card(_parts(texts, receipt, choices), _colour(receipt), partial(receipt_picture, texts, receipt))


def _colour(receipt: Receipt) -> discord.Colour:
    if receipt.kind is ReceiptKind.UNDONE or receipt.message.entry.kind is not EventKind.MESSAGE:
        return MUTED
    if receipt.message.entry.direction is Direction.SENT:
        late = receipt.exchange is not None and receipt.exchange.verdict is not Verdict.ON_TIME
        return DANGER if late else SUCCESS
    if receipt.window_closed:
        return DANGER
    return INFO if _upcoming_reminder_times(receipt) else WARNING


def _parts(texts: Translations, receipt: Receipt, choices: Sequence[Thread]) -> Iterator[LayoutItem]:
    yield text(*_lines(texts, receipt))
    if receipt.kind is ReceiptKind.UNDONE:
        return
    number, kind = receipt.message.id, receipt.message.entry.kind
    if receipt.thread.unassigned:
        yield text(texts("receipt-which-client" if receipt.thread.client is None else "receipt-which-thread"))
        yield row(thread_select(texts, Target.MESSAGE, number, choices, new_thread_option=True))
    acts = [Action.CHANGE_TIME, Action.CHANGE_THREAD, Action.MARK_AS_SENT, Action.DISMISS, Action.DELETE_MESSAGE]
    if kind is not EventKind.MESSAGE:
        acts = [Action.DELETE_MESSAGE]
    elif receipt.message.entry.direction is Direction.SENT:
        acts = [Action.CHANGE_TIME, Action.CHANGE_THREAD, Action.MARK_AS_RECEIVED, Action.DELETE_MESSAGE]
    elif receipt.unanswered is None or receipt.unanswered.dismissed:
        acts.remove(Action.DISMISS)
    elif receipt.message.looks_final:
        yield text(texts("receipt-looks-final"))
    yield row(*action_buttons(texts, Target.MESSAGE, number, acts))
    if receipt.kind is ReceiptKind.SHOWN and not receipt.thread.unassigned:
        yield row(*action_buttons(texts, Target.MESSAGE, number, [Action.SPLIT, Action.MERGE]))


def _lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    entry = receipt.message.entry
    thread = thread_name(texts, receipt.thread)
    if receipt.kind is ReceiptKind.UNDONE:
        yield texts("receipt-undone", thread=thread, at=timestamp_full(entry.at))
    elif receipt.kind is ReceiptKind.REPEATED:
        yield texts("receipt-repeated")
    elif receipt.kind is ReceiptKind.CORRECTED:
        yield texts("receipt-corrected")
    if receipt.reason_before is not None:
        after = "nowhere" if receipt.kind is ReceiptKind.UNDONE else receipt.reason.verdict
        yield texts(
            "receipt-verdicts",
            before=texts(f"verdict-{receipt.reason_before.verdict.replace('_', '-')}"),
            after=texts(f"verdict-{after.replace('_', '-')}"),
        )
    if receipt.kind is not ReceiptKind.UNDONE:
        yield from _headline(texts, receipt, thread)
    yield from _window(texts, receipt)
    if entry.direction is Direction.SENT or receipt.rate_before != receipt.rate_after:
        yield _rates(texts, receipt)


def _headline(texts: Translations, receipt: Receipt, thread: str) -> Iterator[str]:
    message = receipt.message
    if message.entry.kind is not EventKind.MESSAGE:
        yield texts(f"receipt-{message.entry.kind.replace('_', '-')}", thread=thread)
        return
    yield texts(f"receipt-{message.entry.direction}", thread=thread)
    read = texts(
        "receipt-read", source=texts(f"source-{message.source}"), exactness=texts(f"precision-{message.precision}")
    )
    yield texts("receipt-at", at=timestamp_full(message.entry.at), read=read)
    if message.entry.direction is Direction.SENT:
        exchange = receipt.exchange
        if exchange is None:
            yield texts("receipt-counts-nowhere")
        else:
            taken = format_duration(texts, exchange.replied_at - exchange.received_at)
            yield texts(f"receipt-verdict-{exchange.verdict.replace('_', '-')}", span=taken)


def _window(texts: Translations, receipt: Receipt) -> Iterator[str]:
    unanswered = receipt.unanswered
    if unanswered is None:
        if receipt.message.entry.direction is Direction.RECEIVED and receipt.kind is not ReceiptKind.UNDONE:
            yield texts("receipt-answered")
        return
    if unanswered.dismissed:
        return
    yield texts("receipt-due", at=timestamp_full(unanswered.due_at), left=timestamp_relative(unanswered.due_at))
    if receipt.window_closed:
        yield texts("receipt-closed")
        yield late_reply_cost(texts, late_reply_impact(receipt.rate_after, receipt.rule))
        return
    if unanswered.window_closes_at > unanswered.due_at:
        yield texts("receipt-newer-window", at=timestamp_full(unanswered.window_closes_at))
    ahead = _upcoming_reminder_times(receipt)
    if ahead:
        yield texts("receipt-reminders", times=" · ".join(timestamp_time(instant) for instant in ahead))
    else:
        yield texts("receipt-is-the-reminder")


def _upcoming_reminder_times(receipt: Receipt) -> list[datetime]:
    return [each.remind_at for each in receipt.reminders if each.kind is not ReminderKind.CLOSED]


def _rates(texts: Translations, receipt: Receipt) -> str:
    return texts(
        "receipt-rate", before=format_rate(texts, receipt.rate_before), after=format_rate(texts, receipt.rate_after)
    )


def format_rate(texts: Translations, rate: ReplyRate) -> str:
    """A rate in percent, floored to one decimal, with what it is made of."""
    if rate.permille is None:
        return formatting.EMPTY_VALUE
    made_of = f"{formatting.format_count(texts, rate.on_time)}/{formatting.format_count(texts, rate.replies)}"
    return f"{formatting.format_percent(texts, rate.permille)} ({made_of})"


def clarification_card(texts: Translations, question: ClarificationNeeded) -> ui.LayoutView:
    """What the member has to say before anything is recorded."""
    content, number = question.draft.content, question.draft.id
    client = f"**{escape(content.client)}**" if content.client else texts("thread-nobody")
    lines: list[str | None] = [
        texts(
            f"question-{content.missing}", client=client, at=timestamp_full(content.sent_at) if content.sent_at else "–"
        )
    ]
    match content.missing:
        case MissingInfo.TIME:
            controls = row(*action_buttons(texts, Target.DRAFT, number, [Action.CHANGE_TIME, Action.CANCEL]))
        case MissingInfo.START_CLOCK:
            controls = row(*action_buttons(texts, Target.DRAFT, number, [Action.START_CLOCK]))
        case MissingInfo.BADGE:
            controls = row(*action_buttons(texts, Target.DRAFT, number, [Action.CONFIRM_BADGE, Action.CANCEL]))
        case MissingInfo.LATE_REPLY_WARNING:
            lines.append(_late_reply_warning(texts, question))
            controls = row(
                *action_buttons(
                    texts, Target.DRAFT, number, [Action.COUNT_AS_REPLY, Action.SENT_IN_NEW_THREAD, Action.CANCEL]
                )
            )
        case MissingInfo.THREAD:
            if not question.choices:
                return build_card([text(texts("question-thread-none", client=client))], MUTED)
            controls = row(thread_select(texts, Target.DRAFT, number, question.choices, new_thread_option=False))
    return build_card([text(*lines), controls])


def _late_reply_warning(texts: Translations, question: ClarificationNeeded) -> str | None:
    prospect = question.prospect
    if prospect is None:
        return None
    return texts(
        "question-trap-cost",
        before=format_rate(texts, prospect.rate_now),
        after=format_rate(texts, prospect.rate_if_reply),
    )
