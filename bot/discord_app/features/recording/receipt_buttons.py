"""The buttons of a receipt: first what ends its reply window, then what corrects the record."""

from collections.abc import Iterator, Sequence
from typing import Final

import discord

from bot.discord_app.features.contracts.parts import contact_request_buttons
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, action_row, thread_buttons, thread_select
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.messages import MessageSource
from bot.domain.reply.thread_state import Direction, EventKind
from bot.domain.types import MessageId
from bot.i18n.translations import Translations
from bot.services.results import Receipt, ReceiptKind
from storage.threads import Thread

MAX_THREAD_BUTTONS: Final = 4
"""Threads offered by a button each; the fifth button of the row is for another client."""

_CORRECTIONS: Final = (Action.CORRECT, Action.DELETE_MESSAGE)


def receipt_buttons(
    texts: Translations, receipt: Receipt, choices: Sequence[Thread], *, in_history: bool = False
) -> Iterator[layout.LayoutItem]:
    """What can be done about a receipt; `choices` are threads for an unassigned message."""
    message_id, thread = receipt.message.id, receipt.thread
    if receipt.kind is ReceiptKind.UNDONE:
        yield action_row(texts, Target.MESSAGE, message_id, (Action.RESTORE,))
        return
    if thread.unassigned:
        yield from _thread_question_items(texts, receipt, choices)
    yield from _receipt_button_rows(texts, receipt)
    if in_history and not thread.unassigned:
        yield action_row(texts, Target.MESSAGE, message_id, (Action.SPLIT, Action.MERGE))
    if receipt.is_unconfirmed:
        yield mail_origin_row(texts, receipt)


def mail_origin_row(texts: Translations, receipt: Receipt) -> layout.LayoutItem:
    """Whether Lancers sent the mail of a message."""
    return action_row(texts, Target.MESSAGE, receipt.message.id, (Action.FROM_LANCERS, Action.NOT_FROM_LANCERS))


def _receipt_button_rows(texts: Translations, receipt: Receipt) -> Iterator[layout.LayoutItem]:
    message_id, entry, unanswered = receipt.message.id, receipt.message.entry, receipt.reason.unanswered
    if entry.kind is EventKind.CONTACT_REQUEST:
        if receipt.contact_request is not None:
            yield contact_request_buttons(texts, message_id, receipt.thread)
        yield action_row(texts, Target.MESSAGE, message_id, _CORRECTIONS)
    elif entry.kind is not EventKind.MESSAGE:
        yield action_row(texts, Target.MESSAGE, message_id, (Action.DELETE_MESSAGE,))
    elif entry.direction is Direction.SENT:
        at_once = (Action.CHANGE_TIME,) if _was_sent_without_time(receipt) else ()
        yield action_row(texts, Target.MESSAGE, message_id, (*at_once, *_CORRECTIONS))
    elif receipt.window_id is None or unanswered is None or unanswered.dismissed:
        yield action_row(texts, Target.MESSAGE, message_id, _CORRECTIONS)
    elif receipt.window_closed:
        yield from _overdue_window_button_rows(texts, receipt, receipt.window_id)
    else:
        if receipt.message.looks_final and not receipt.thread.under_contract:
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
    yield layout.control_row(*buttons, ActionButton(Target.MESSAGE, message_id, Action.CHANGE_CLIENT, another))
    yield layout.control_row(thread_select(texts, Target.MESSAGE, message_id, choices, new_thread_option=True))


def _was_sent_without_time(receipt: Receipt) -> bool:
    """Whether the member said that they replied, and not when: then it was recorded as sent at that moment."""
    message = receipt.message
    return message.source is MessageSource.WRITTEN and message.entry.at == message.recorded_at
