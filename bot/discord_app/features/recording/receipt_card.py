"""The receipt of a recorded message: what was recorded, what it changed, and buttons to correct it."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import Final

import discord

from bot.discord_app.features.advice.cards import late_reply_cost
from bot.discord_app.features.recording.batch_card import NOTICE_TEXT_IDS, BatchReceipt, batch_receipt_card
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.features.recording.picture import receipt_picture
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import Action, Target, action_row, thread_select
from bot.discord_app.ui.formatting import format_duration, format_error, format_rate_change, thread_name, timestamp
from bot.domain.messages import ParseFailure, ReviewResult
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.thread_state import Direction, EventKind, Verdict
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.i18n.translations import Translations, hyphenated
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from bot.services.status import StatusQueries
from storage.threads import Thread

_RECEIVED_ACTIONS: Final[tuple[Action, ...]] = (
    Action.CHANGE_TIME, Action.CHANGE_THREAD, Action.MARK_AS_SENT, Action.DISMISS, Action.DELETE_MESSAGE
)  # fmt: skip
_SENT_ACTIONS: Final = (Action.CHANGE_TIME, Action.CHANGE_THREAD, Action.MARK_AS_RECEIVED, Action.DELETE_MESSAGE)


async def outcome_card(
    texts: Translations,
    status_queries: StatusQueries,
    member_id: MemberId,
    outcomes: Sequence[BatchReceipt],
    zone: tzinfo,
) -> layout.Card:
    """One card for all that was read: a receipt, a question, or why nothing was recorded; several share a batch."""
    if len(outcomes) > 1:
        return batch_receipt_card(texts, outcomes, zone)
    match outcomes[0]:
        case Receipt() as receipt:
            unassigned = receipt.thread.unassigned
            threads = await status_queries.candidate_threads(member_id, receipt.thread) if unassigned else []
            return receipt_card(texts, receipt, threads)
        case ClarificationNeeded() as question:
            return clarification_card(texts, question)
        case NinteiError() | ParseFailure() as failure:
            return layout.notice(format_error(texts, failure.error if isinstance(failure, ParseFailure) else failure))
        case mail:
            return layout.notice(
                texts(NOTICE_TEXT_IDS[type(mail)]), layout.INFO if isinstance(mail, ReviewResult) else layout.MUTED
            )


def receipt_card(texts: Translations, receipt: Receipt, choices: Sequence[Thread] = ()) -> layout.Card:
    """Who wrote when, how exactly that is known, and what follows; `choices` are threads for an unassigned message."""
    parts: list[layout.LayoutItem] = [layout.text(*_lines(texts, receipt))]
    if receipt.kind is not ReceiptKind.UNDONE:
        parts += _controls(texts, receipt, choices)
    return layout.build_card(parts, _colour(receipt), partial(receipt_picture, texts, receipt))


def _colour(receipt: Receipt) -> discord.Colour:
    entry = receipt.message.entry
    if receipt.kind is ReceiptKind.UNDONE or entry.kind is not EventKind.MESSAGE:
        return layout.MUTED
    if entry.direction is Direction.SENT:
        late = receipt.exchange is not None and receipt.exchange.verdict is not Verdict.ON_TIME
        return layout.DANGER if late else layout.SUCCESS
    if receipt.window_closed:
        return layout.DANGER
    return layout.INFO if receipt.upcoming_reminders else layout.WARNING


def _controls(texts: Translations, receipt: Receipt, choices: Sequence[Thread]) -> Iterator[layout.LayoutItem]:
    message_id, entry, thread = receipt.message.id, receipt.message.entry, receipt.thread
    if thread.unassigned:
        yield layout.text(texts("receipt-which-client" if thread.client is None else "receipt-which-thread"))
        yield layout.row(thread_select(texts, Target.MESSAGE, message_id, choices, new_thread_option=True))
    actions = _RECEIVED_ACTIONS
    if entry.kind is not EventKind.MESSAGE:
        actions = (Action.DELETE_MESSAGE,)
    elif entry.direction is Direction.SENT:
        actions = _SENT_ACTIONS
    elif receipt.unanswered is None or receipt.unanswered.dismissed:
        actions = tuple(action for action in actions if action is not Action.DISMISS)
    elif receipt.message.looks_final:
        yield layout.text(texts("receipt-looks-final"))
    yield action_row(texts, Target.MESSAGE, message_id, actions)
    if receipt.kind is ReceiptKind.SHOWN and not thread.unassigned:
        yield action_row(texts, Target.MESSAGE, message_id, (Action.SPLIT, Action.MERGE))


def _lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    entry, thread = receipt.message.entry, thread_name(texts, receipt.thread)
    undone = receipt.kind is ReceiptKind.UNDONE
    if undone:
        yield texts("receipt-undone", thread=thread, at=timestamp(entry.at))
    elif receipt.kind is ReceiptKind.REPEATED:
        yield texts("receipt-repeated")
    elif receipt.kind is ReceiptKind.CORRECTED:
        yield texts("receipt-corrected")
    if receipt.reason_before is not None:
        yield texts(
            "receipt-verdicts",
            before=texts(f"verdict-{hyphenated(receipt.reason_before.verdict)}"),
            after=texts(f"verdict-{'nowhere' if undone else hyphenated(receipt.reason.verdict)}"),
        )
    if not undone:
        yield from _message_lines(texts, receipt, thread)
    yield from _window_lines(texts, receipt)
    if entry.direction is Direction.SENT or receipt.rate_before != receipt.rate_after:
        yield format_rate_change(texts, receipt.rate_before, receipt.rate_after)


def _message_lines(texts: Translations, receipt: Receipt, thread: str) -> Iterator[str]:
    message, entry = receipt.message, receipt.message.entry
    if entry.kind is not EventKind.MESSAGE:
        yield texts(f"receipt-{hyphenated(entry.kind)}", thread=thread)
        return
    yield texts(f"receipt-{entry.direction}", thread=thread)
    source = texts(
        "receipt-read", source=texts(f"source-{message.source}"), exactness=texts(f"precision-{message.precision}")
    )
    yield texts("receipt-at", at=timestamp(entry.at), read=source)
    if entry.direction is Direction.SENT:
        exchange = receipt.exchange
        if exchange is None:
            yield texts("receipt-counts-nowhere")
        else:
            duration = format_duration(texts, exchange.replied_at - exchange.received_at)
            yield texts(f"receipt-verdict-{hyphenated(exchange.verdict)}", span=duration)


def _window_lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    unanswered = receipt.unanswered
    if unanswered is None:
        if receipt.message.entry.direction is Direction.RECEIVED and receipt.kind is not ReceiptKind.UNDONE:
            yield texts("receipt-answered")
        return
    if unanswered.dismissed:
        return
    due_at = unanswered.due_at
    yield texts("receipt-due", at=timestamp(due_at), left=timestamp(due_at, "R"))
    if receipt.window_closed:
        yield texts("receipt-closed")
        yield late_reply_cost(texts, late_reply_impact(receipt.rate_after, receipt.rule))
        return
    if unanswered.window_closes_at > due_at:
        yield texts("receipt-newer-window", at=timestamp(unanswered.window_closes_at))
    if upcoming := receipt.upcoming_reminders:
        yield texts("receipt-reminders", times=" · ".join(map(partial(timestamp, style="t"), upcoming)))
    else:
        yield texts("receipt-muted" if receipt.muted else "receipt-is-the-reminder")
