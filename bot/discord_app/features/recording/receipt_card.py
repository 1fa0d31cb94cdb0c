"""The receipt of a recorded message: what was recorded, what it changed, and buttons to correct it."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import Final, Literal

import discord
from discord import ui

from bot.discord_app.features.advice.cards import late_reply_cost_text
from bot.discord_app.features.contracts.parts import contact_request_buttons, contact_request_line, thread_mark_line
from bot.discord_app.features.pending.window_parts import WindowContext, window_parts
from bot.discord_app.features.recording.batch_card import NOTICE_TEXT_IDS, BatchReceipt, batch_receipt_card
from bot.discord_app.features.recording.clarification_card import clarification_card
from bot.discord_app.features.recording.picture import receipt_picture
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, action_row, thread_buttons, thread_select
from bot.discord_app.ui.formatting import format_duration, format_error, format_thread_name, format_timestamp
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.messages import MessageSource, ParseFailure, Precision, ReviewResult
from bot.domain.reply.contracts import CONTACT_WINDOW
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.thread_state import Direction, EntryVerdict, EventKind, Exchange, ThreadEvent, Verdict
from bot.domain.types import MemberId, MessageId, Site
from bot.errors import NinteiError
from bot.i18n.reply_rate import format_rate_change
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from bot.services.shown_cards import ShownWindow
from bot.services.status import StatusQueries
from storage.cards import CardContent, CardItem, CardKind
from storage.shown_messages import ShownMessage
from storage.threads import Thread

_NAMED_KINDS: Final = frozenset(
    {ReceiptKind.REPEATED, ReceiptKind.CORRECTED, ReceiptKind.UNCHANGED, ReceiptKind.RESTORED}
)
"""Kinds that the first line of a receipt names."""
_EXCHANGE_VERDICTS: Final = frozenset(map(EntryVerdict, Verdict))
"""Verdicts of exchanges: no other one counts in the reply rate."""


MAX_THREAD_BUTTONS: Final = 4
"""Threads offered by a button each; the fifth button of the row is for another client."""

_CORRECTIONS: Final = (Action.CORRECT, Action.DELETE_MESSAGE)


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
            return await load_receipt_card(texts, status_queries, member_id, receipt)
        case ClarificationNeeded() as question:
            return clarification_card(texts, question)
        case NinteiError() | ParseFailure() as failure:
            return layout.notice_card(
                format_error(texts, failure.error if isinstance(failure, ParseFailure) else failure)
            )
        case mail:
            return layout.notice_card(
                texts(NOTICE_TEXT_IDS[type(mail)]), layout.INFO if isinstance(mail, ReviewResult) else layout.MUTED
            )


async def load_receipt_card(
    texts: Translations,
    status_queries: StatusQueries,
    member_id: MemberId,
    receipt: Receipt,
    *,
    in_history: bool = False,
) -> layout.Card:
    """The card of a receipt, with the threads to choose from where the message is unassigned."""
    unassigned = receipt.thread.unassigned
    choices = (
        await status_queries.list_candidate_threads(member_id, receipt.thread, now=receipt.recorded_at)
        if unassigned
        else []
    )
    return receipt_card(texts, receipt, choices, in_history=in_history)


def receipt_card(
    texts: Translations, receipt: Receipt, choices: Sequence[Thread] = (), *, in_history: bool = False
) -> layout.Card:
    """Who wrote when, how exactly that is known, and what follows; `choices` are threads for an unassigned message.

    `in_history`: with the buttons that split and merge its thread.
    """
    message_id, thread = receipt.message.id, receipt.thread
    is_undone = receipt.kind is ReceiptKind.UNDONE
    parts: list[layout.LayoutItem] = [layout.text_block(*_receipt_lines(texts, receipt))]
    if is_undone:
        parts.append(action_row(texts, Target.MESSAGE, message_id, (Action.RESTORE,)))
    else:
        if thread.unassigned:
            parts += _thread_question_items(texts, receipt, choices)
        parts += _receipt_button_rows(texts, receipt)
        if in_history and not thread.unassigned:
            to_other_threads = (Action.MERGE,) if receipt.is_first_of_thread else (Action.SPLIT, Action.MERGE)
            parts.append(action_row(texts, Target.MESSAGE, message_id, to_other_threads))
        if receipt.is_unconfirmed:
            parts.append(mail_origin_row(texts, message_id))
    card = layout.build_card(parts, _receipt_colour(receipt), partial(receipt_picture, texts, receipt))
    items = (CardItem(message_id, thread.id),)
    card.content = CardContent(
        kind=CardKind.RECEIPT,
        items=items,
        as_of=receipt.shown_as_of,
        recorded_at=() if receipt.kind is ReceiptKind.SHOWN else (receipt.shown_as_of,),
        newest_step_id=receipt.newest_step_id,
        says_undone=is_undone,
    )
    return card


def ended_window_receipt_card(
    texts: Translations, message: ShownMessage, window: ShownWindow, context: WindowContext
) -> layout.Card:
    """The receipt of a received message whose window has ended: how, and a button that undoes that."""
    entry = ThreadEvent(message.direction, message.kind, message.sent_at)
    lines = _message_lines(
        texts, entry, message.thread, message.source, message.precision, is_unconfirmed=message.is_unconfirmed
    )
    correct = action_row(texts, Target.MESSAGE, message.message_id, [Action.CORRECT])
    origin = [mail_origin_row(texts, message.message_id)] if message.is_unconfirmed else []
    parts = [layout.text_block(*lines), *window_parts(texts, window, context), correct, *origin]
    return layout.build_card(parts, layout.SUCCESS)


def answered_question_card(texts: Translations, receipt: Receipt) -> layout.Card:
    """What the answer to a question recorded; the receipt has the buttons."""
    lines = _receipt_message_lines(texts, receipt)
    return layout.build_card([layout.text_block(texts("question-answered"), *lines)], layout.MUTED)


def press_result_text(texts: Translations, receipt: Receipt) -> str:
    """What the state of a window does not say about what a press has just recorded; empty if there is nothing."""
    lines: list[str | None] = []
    if receipt.kind is ReceiptKind.REPEATED:
        lines.append(texts("receipt-repeated"))
    if receipt.exchange is not None and receipt.exchange.verdict is Verdict.AMBIGUOUS:
        lines.append(_receipt_verdict_line(texts, receipt.exchange))
    lines.append(format_rate_change(texts, receipt.rate_before, receipt.rate_after, receipt.preferences.rate_rule))
    return "\n".join(filter(None, lines))


def receipt_correction_lines(texts: Translations, receipt: Receipt) -> str:
    """The lines about a correction, for the receipt of a message whose window has ended; empty if there are none."""
    rate_change = format_rate_change(texts, receipt.rate_before, receipt.rate_after, receipt.preferences.rate_rule)
    return "\n".join(filter(None, (*_correction_change_lines(texts, receipt), rate_change)))


def _receipt_verdict_line(texts: Translations, exchange: Exchange) -> str:
    duration = format_duration(texts, exchange.replied_at - exchange.received_at)
    return texts(f"receipt-verdict-{exchange.verdict}", span=duration)


def _receipt_colour(receipt: Receipt) -> discord.Colour:
    entry = receipt.message.entry
    if receipt.kind is ReceiptKind.UNDONE or entry.kind is not EventKind.MESSAGE:
        return layout.MUTED
    if entry.direction is Direction.SENT:
        late = receipt.exchange is not None and receipt.exchange.verdict is not Verdict.ON_TIME
        return layout.DANGER if late else layout.SUCCESS
    if receipt.reason.unanswered is None or receipt.reason.unanswered.dismissed:
        return layout.SUCCESS
    if receipt.window_closed:
        return layout.DANGER
    return layout.INFO if receipt.upcoming_reminders else layout.WARNING


def _receipt_lines(texts: Translations, receipt: Receipt) -> Iterator[str | None]:
    undone = receipt.kind is ReceiptKind.UNDONE
    if undone:
        thread, at = format_thread_name(texts, receipt.thread), format_timestamp(receipt.message.entry.at)
        yield texts("receipt-undone", thread=thread, at=at)
    if receipt.kind is not ReceiptKind.RECORDED:
        yield from _correction_change_lines(texts, receipt)
    if not undone:
        yield from _receipt_message_lines(texts, receipt)
    yield from _receipt_window_lines(texts, receipt)
    if receipt.rate_before != receipt.rate_after:
        yield format_rate_change(texts, receipt.rate_before, receipt.rate_after, receipt.preferences.rate_rule)


def _correction_change_lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    """The kind of a correction, and the verdicts of the message before and after it."""
    if receipt.kind in _NAMED_KINDS:
        yield texts(f"receipt-{receipt.kind}")
    if receipt.reason_before is None:
        return
    undone = receipt.kind is ReceiptKind.UNDONE
    before, after = receipt.reason_before.verdict, EntryVerdict.NOT_COUNTED if undone else receipt.reason.verdict
    if before is not after and {before, after} & _EXCHANGE_VERDICTS:
        verdicts = {
            "before": texts(f"verdict-{before}"),
            "after": texts(f"verdict-{after}"),
        }
        yield texts("receipt-verdicts", **verdicts)


def _receipt_message_lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    message, entry, thread = receipt.message, receipt.message.entry, receipt.thread
    if entry.kind is not EventKind.MESSAGE and entry.direction is Direction.SENT:
        yield texts(_dismissal_text_id(receipt), thread=format_thread_name(texts, thread))
        return
    yield from _message_lines(
        texts, entry, thread, message.source, message.precision, is_unconfirmed=receipt.is_unconfirmed
    )
    if entry.direction is Direction.SENT and thread.site is Site.LANCERS:
        if receipt.exchange is None:
            yield texts("receipt-counts-nowhere")
        else:
            yield _receipt_verdict_line(texts, receipt.exchange)


def _message_lines(
    texts: Translations,
    entry: ThreadEvent,
    thread: Thread,
    source: MessageSource,
    precision: Precision,
    *,
    is_unconfirmed: bool,
) -> Iterator[str]:
    """Who wrote a message and when, and how exactly that is known; the marks of its thread."""
    name = format_thread_name(texts, thread)
    if entry.kind is EventKind.CONTACT_REQUEST:
        yield texts("receipt-contact-request", thread=name)
    else:
        yield texts(f"receipt-{entry.direction}", thread=name)
    is_marked = thread.contract_at is not None or thread.site is not Site.LANCERS
    if is_marked and (mark := thread_mark_line(texts, thread)):
        yield mark
    read = texts("receipt-read", source=texts(f"source-{source}"), exactness=texts(f"precision-{precision}"))
    yield texts("receipt-at", at=format_timestamp(entry.at), read=read)
    if is_unconfirmed:
        yield texts("receipt-unconfirmed")


def _dismissal_text_id(receipt: Receipt) -> str:
    text_id = f"receipt-{receipt.message.entry.kind}"
    if receipt.message.entry.kind is not EventKind.DISMISSED:
        return text_id
    if not receipt.thread.counts_in_rate:
        return f"{text_id}-other-site"
    if not receipt.thread.under_contract:
        return text_id
    return f"{text_id}-contract" if receipt.is_contract_notice_planned else f"{text_id}-contract-unannounced"


def _contact_request_lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    if receipt.contact_request is None:
        yield texts("receipt-request-ended")
        return
    closes_at = receipt.contact_request + CONTACT_WINDOW
    name = format_thread_name(texts, receipt.thread)
    yield contact_request_line(texts, name, closes_at, receipt.recorded_at)
    yield _receipt_reminders_line(texts, receipt, "f")


def _receipt_reminders_line(texts: Translations, receipt: Receipt, style: Literal["f", "t"]) -> str:
    """When the reminders of an open window come, or why none comes any more."""
    if receipt.upcoming_reminders:
        times = " · ".join(map(partial(format_timestamp, style=style), receipt.upcoming_reminders))
        return texts("receipt-reminders", times=times)
    if receipt.muted:
        return texts("receipt-muted")
    return texts("receipt-reminders-sent" if receipt.was_reminded else "receipt-is-the-reminder")


def _receipt_window_lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    """The unanswered messages of the thread; none for a deleted message, whose card is not edited any more."""
    if receipt.kind is ReceiptKind.UNDONE:
        return
    if receipt.message.entry.kind is EventKind.CONTACT_REQUEST:
        yield from _contact_request_lines(texts, receipt)
        return
    unanswered = receipt.unanswered
    if receipt.message.entry.direction is Direction.RECEIVED:
        unanswered = receipt.reason.unanswered  # what came after it was answered may wait
        # On another site a reply makes no exchange.
        is_answered_elsewhere = receipt.unanswered is None and not receipt.thread.counts_in_rate
        if receipt.reason.exchange is not None or is_answered_elsewhere:
            yield texts("receipt-answered")
        if unanswered is not None and unanswered.dismissed:
            yield texts("receipt-off-list")
    if unanswered is None or unanswered.dismissed:
        return
    due_at = unanswered.due_at
    yield texts("receipt-due", at=format_timestamp(due_at), left=format_timestamp(due_at, "R"))
    if receipt.window_closed:
        yield from _overdue_window_lines(texts, receipt)
        return
    if receipt.message.entry.at > unanswered.oldest:
        yield texts("receipt-counts-from-first", at=format_timestamp(unanswered.oldest))
    if unanswered.newest_window_closes_at > due_at and receipt.thread.counts_in_rate:
        yield texts("receipt-newer-window", at=format_timestamp(unanswered.newest_window_closes_at))
    yield _receipt_reminders_line(texts, receipt, "t")


def _overdue_window_lines(texts: Translations, receipt: Receipt) -> Iterator[str]:
    """What can be done after a window has closed. Silence is not advised, since the work may be under contract."""
    if not receipt.thread.counts_in_rate:
        yield texts("receipt-closed-other-site")
        return
    yield texts("receipt-closed")
    impact = late_reply_impact(receipt.rate_after, receipt.preferences.rate_rule)
    if cost := late_reply_cost_text(texts, impact):
        yield cost
    yield texts("receipt-closed-in-contract" if receipt.thread.under_contract else "receipt-closed-contract")


def mail_origin_row(texts: Translations, message_id: MessageId) -> layout.LayoutItem:
    """Whether Lancers sent the mail of a message."""
    return action_row(texts, Target.MESSAGE, message_id, (Action.FROM_LANCERS, Action.NOT_FROM_LANCERS))


def _receipt_button_rows(texts: Translations, receipt: Receipt) -> Iterator[layout.LayoutItem]:
    message_id, entry, unanswered = receipt.message.id, receipt.message.entry, receipt.reason.unanswered
    if entry.kind is EventKind.CONTACT_REQUEST:
        if receipt.contact_request is not None:
            yield contact_request_buttons(texts, message_id, receipt.thread)
        yield action_row(texts, Target.MESSAGE, message_id, _CORRECTIONS)
    elif entry.kind is not EventKind.MESSAGE:
        yield action_row(texts, Target.MESSAGE, message_id, (Action.DELETE_MESSAGE,))
    elif entry.direction is Direction.SENT:
        # The member said that they replied, and not when: then it was recorded as sent at that moment.
        is_untimed = receipt.message.source is MessageSource.WRITTEN and entry.at == receipt.message.recorded_at
        at_once = (Action.CHANGE_TIME,) if is_untimed else ()
        yield action_row(texts, Target.MESSAGE, message_id, (*at_once, *_CORRECTIONS))
    elif receipt.window_id is None or unanswered is None or unanswered.dismissed:
        yield action_row(texts, Target.MESSAGE, message_id, _CORRECTIONS)
    elif receipt.window_closed:
        yield from _overdue_window_button_rows(texts, receipt, receipt.window_id)
    else:
        thread = receipt.thread
        if receipt.message.looks_final and thread.counts_in_rate and not thread.under_contract:
            yield layout.text_block(texts("receipt-looks-final"))
        # Two rows of two: on a phone four buttons do not fit beside one another.
        yield action_row(texts, Target.WINDOW, receipt.window_id, (Action.REPLIED_NOW, Action.DISMISS))
        yield action_row(texts, Target.MESSAGE, receipt.message.id, _CORRECTIONS, linked=receipt.thread)


def _overdue_window_button_rows(
    texts: Translations, receipt: Receipt, window_id: MessageId
) -> Iterator[layout.LayoutItem]:
    """The rows for a window whose deadline has passed; the card's text says what a late reply costs.

    First, in green, the actions that leave the rate as it is; last, in grey, those of a late reply. Under contract
    "no reply needed" is among the last, since a silence can end the contract.
    """
    harmless: tuple[Action, ...] = (Action.NEW_THREAD, Action.DISMISS)
    late: tuple[Action, ...] = (Action.REPLIED_AT, Action.REPLIED_NOW)
    if not receipt.thread.counts_in_rate:
        harmless, late = (Action.REPLIED_NOW,), (Action.REPLIED_AT, Action.DISMISS)
    elif receipt.thread.under_contract:
        harmless, late = (Action.NEW_THREAD,), (Action.REPLIED_NOW, Action.REPLIED_AT, Action.DISMISS)
    yield action_row(texts, Target.WINDOW, window_id, harmless, discord.ButtonStyle.success)
    yield action_row(texts, Target.MESSAGE, receipt.message.id, _CORRECTIONS, linked=receipt.thread)
    yield action_row(texts, Target.WINDOW, window_id, late, discord.ButtonStyle.secondary)


def _thread_question_items(
    texts: Translations, receipt: Receipt, choices: Sequence[Thread]
) -> Iterator[layout.LayoutItem]:
    """Who wrote, or in which thread: the likely threads as buttons, all of them in a select."""
    message_id = receipt.message.id
    yield layout.text_block(texts("receipt-which-client" if receipt.thread.client is None else "receipt-which-thread"))
    buttons = thread_buttons(texts, Target.MESSAGE, message_id, choices[:MAX_THREAD_BUTTONS])
    another = texts("action-client") if choices else texts("receipt-enter-client")
    yield ui.ActionRow(*buttons, ActionButton(Target.MESSAGE, message_id, Action.CHANGE_CLIENT, another))
    yield ui.ActionRow(thread_select(texts, Target.MESSAGE, message_id, choices, new_thread_option=True))
