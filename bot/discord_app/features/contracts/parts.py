"""The parts of cards about contracts and other sites: the marks of a thread, and what 連絡催促 asks for."""

from collections.abc import Iterator
from datetime import datetime

from discord import ui

from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, lancers_link_buttons
from bot.discord_app.ui.formatting import format_thread_name, format_timestamp
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.contracts import SILENCE_LIMIT
from bot.domain.types import MessageId
from bot.i18n.translations import Translations
from bot.services.shown_cards import ShownWindow
from storage.threads import Thread


def contract_button(texts: Translations, target: Target, message_id: int, thread: Thread | None) -> list[ActionButton]:
    """Marks the work of a thread as under contract, or no more; none on another site, which has no 連絡催促."""
    if thread is None or not thread.counts_in_rate:
        return []
    if thread.under_contract:
        return [ActionButton(target, message_id, Action.END_CONTRACT, texts("action-contract-end"))]
    return [ActionButton(target, message_id, Action.MARK_CONTRACT, texts("action-contract"))]


def thread_mark_buttons(texts: Translations, target: Target, message_id: int, thread: Thread) -> list[ActionButton]:
    """The buttons for every mark of a thread."""
    if thread.counts_in_rate:
        site = ActionButton(target, message_id, Action.MARK_OTHER_SITE, texts("action-other-site"))
    else:
        site = ActionButton(target, message_id, Action.MARK_LANCERS, texts("action-on-lancers"))
    return [*contract_button(texts, target, message_id, thread), site]


def thread_mark_line(texts: Translations, thread: Thread) -> str | None:
    """That a thread is under contract, or on another site."""
    if not thread.counts_in_rate:
        return texts("thread-other-site")
    return texts("thread-under-contract") if thread.under_contract else None


def contract_notice(texts: Translations, window: ShownWindow, now: datetime) -> str | None:
    """What 連絡催促 means for a window, where it is reminded of that."""
    if window.thread is None or window.contract_notice is None:
        return None
    name = format_thread_name(texts, window.thread)
    match window.contract_notice:
        case ReminderKind.CONTACT_REQUEST if window.request_closes_at is not None:
            return contact_request_line(texts, name, window.request_closes_at, now)
        case ReminderKind.UNANSWERED if window.unanswered is not None:
            closes_at = window.unanswered.oldest + SILENCE_LIMIT
            return texts("contract-unanswered", at=format_timestamp(closes_at), left=format_timestamp(closes_at, "R"))
        case notice:
            return texts(f"contract-{notice}-plain", thread=name)


def contact_request_line(texts: Translations, name: str, closes_at: datetime, now: datetime) -> str:
    """Until when Lancers waits for a message."""
    text_id = "contact-request-over" if now > closes_at else "contact-request-open"
    return texts(text_id, thread=name, at=format_timestamp(closes_at), left=format_timestamp(closes_at, "R"))


def contact_request_buttons(
    texts: Translations, message_id: MessageId, thread: Thread, *, compact: bool = False
) -> layout.LayoutItem:
    """How the window of a contact request ends: by a reply, or in another way; `compact`: without a link."""
    return ui.ActionRow(
        ActionButton(Target.MESSAGE, message_id, Action.CONTACT_REPLIED, texts("action-now")),
        ActionButton(Target.MESSAGE, message_id, Action.CONTACTED, texts("action-contacted")),
        *(() if compact else lancers_link_buttons(texts, thread)),
    )


def contract_window_parts(texts: Translations, window: ShownWindow, now: datetime) -> Iterator[layout.LayoutItem]:
    """The parts of a window that is shown for its contract alone: a contact request, a silent client, or dismissed."""
    yield layout.text_block(contract_notice(texts, window, now))
    if window.thread is None:
        return
    if window.contract_notice is ReminderKind.CONTACT_REQUEST:
        yield contact_request_buttons(texts, window.message_id, window.thread)
    else:
        buttons = contract_button(texts, Target.MESSAGE, window.message_id, window.thread)
        yield ui.ActionRow(*buttons, *lancers_link_buttons(texts, window.thread))
