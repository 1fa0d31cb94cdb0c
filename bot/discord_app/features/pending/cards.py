"""Reminders with their first lines, the card of one window, and the menu that snoozes it: all as things are now."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.pending.window_parts import (
    WindowContext,
    compact_window_parts,
    window_parts,
    window_state_line,
)
from bot.discord_app.features.recording.picture import reminder_picture
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, ActionSelect, action_row
from bot.discord_app.ui.formatting import (
    format_as_of_timestamp,
    format_duration,
    format_short_thread_name,
    format_thread_label,
    waiting_unit_suffix,
)
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.names import client_key
from bot.domain.reminders.merging import MAX_WINDOWS
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reminders.snooze import SnoozeChoice, snooze_options
from bot.domain.types import MemberId
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.container import Services
from bot.services.shown_cards import ShownWindow, WindowStatus, card_state_digest, without_repeated_windows
from storage.cards import MAX_CARD_ITEMS, CardContent, CardItem, CardKind
from storage.threads import Thread
from storage.waiting_threads import WaitingCounts, is_one_thread_per_client

MAX_FULL_WINDOWS: Final = 3
"""A window with all its buttons takes ten of a message's 40 components."""

MAX_COMPACT_WINDOWS: Final = MAX_WINDOWS
"""A window in one line with two buttons takes four. More windows are lines, and options of one select."""

MAX_NAMES: Final = 5
"""Threads of the coming night that the morning list names."""


async def load_reminder_card(
    services: Services,
    texts: Translations,
    member_id: MemberId,
    windows: tuple[ShownWindow, ...],
    context: WindowContext,
    *,
    waiting_counts: WaitingCounts,
    late_by: timedelta | None = None,
) -> layout.Card:
    """A reminder: who waits, and how long is left. Windows that have become one are shown as the first of them.

    `waiting_counts`: all that waits, shown or not. `late_by`: how late the reminder is sent. The morning list names
    what closes in the coming night too.
    """
    tonight: Sequence[Thread] = ()
    if any(window.reminder_kind is ReminderKind.MORNING and window.status is WindowStatus.OPEN for window in windows):
        tonight = await services.status.closing_tonight(member_id, context.preferences, now=context.now)
    if len(windows) > 1:
        windows = without_repeated_windows(windows)
    title = _reminder_title(texts, windows, waiting_counts, context.now, tonight=tonight, late_by=late_by)
    parts = [layout.text_block(*title), *_reminded_window_parts(texts, windows, context)]
    if waiting_counts.total > sum(window.is_waiting for window in windows):
        parts.append(layout.text_block(texts("reminder-all")))
    # Between the deadlines of the oldest and the newest message it depends on the reading whether time is left.
    closing = [
        unanswered.newest_window_closes_at
        for window in windows
        if (unanswered := window.unanswered) is not None
        and not unanswered.due_at < context.now <= unanswered.newest_window_closes_at
    ]
    if not closing:
        return layout.build_card(parts, reminder_colour(windows))
    counts_in_rate = any(window.counts_in_rate for window in windows)
    total = waiting_counts.total
    picture = partial(reminder_picture, texts, closing, total, context.now, counts_in_rate=counts_in_rate)
    return layout.build_card(parts, reminder_colour(windows), picture)


def window_card(
    texts: Translations, window: ShownWindow, context: WindowContext, *, notice_text: str | None = None
) -> layout.Card:
    """One window with its buttons, below a notice if there is one."""
    notice_parts = [layout.text_block(notice_text)] if notice_text else []
    card = layout.build_card([*notice_parts, *window_parts(texts, window, context)], reminder_colour((window,)))
    thread_id = window.thread.id if window.thread else None
    if thread_id is not None:
        items = (CardItem(window.message_id, thread_id),)
        state = card_state_digest(CardKind.WINDOW, (window,))
        card.content = CardContent(kind=CardKind.WINDOW, items=items, as_of=context.now, state=state)
    return card


def reminder_colour(windows: tuple[ShownWindow, ...]) -> discord.Colour:
    """By the most urgent window."""
    statuses = {window.status for window in windows}
    if statuses & {WindowStatus.CLOSED, WindowStatus.REQUESTED, WindowStatus.REQUEST_OVERDUE}:
        return layout.DANGER
    return layout.WARNING if statuses & {WindowStatus.OPEN, WindowStatus.SILENT} else layout.MUTED


def _reminded_window_parts(
    texts: Translations, windows: tuple[ShownWindow, ...], context: WindowContext
) -> Iterator[layout.LayoutItem]:
    if len(windows) <= MAX_FULL_WINDOWS:
        for window in windows:
            yield ui.Separator()
            yield from window_parts(texts, window, context, alone=len(windows) == 1)
    elif len(windows) <= MAX_COMPACT_WINDOWS:
        for window in windows:
            yield from compact_window_parts(texts, window, context)
    else:
        page_windows = windows[:MAX_CARD_ITEMS]
        outcomes = [outcome for window in page_windows if (outcome := context.outcomes.get(window.message_id))]
        yield layout.text_block(
            *(window_state_line(texts, window, context.now, short=True) for window in page_windows), *outcomes
        )
        waiting_windows = [window for window in page_windows if window.is_waiting and window.thread is not None]
        if others := len(windows) - len(page_windows):
            yield layout.text_block(texts("reminder-others", count=others))
        if waiting_windows:
            yield ui.ActionRow(_reminded_window_select(texts, waiting_windows, context))


def _reminded_window_select(
    texts: Translations, waiting_windows: list[ShownWindow], context: WindowContext
) -> ActionSelect:
    options = [
        discord.SelectOption(
            label=format_thread_label(texts, window.thread) if window.thread else "–",
            value=str(window.message_id),
            description=formatting.format_datetime_short(
                texts, window.unanswered.newest_window_closes_at.astimezone(context.preferences.zone)
            )
            if window.unanswered
            else None,
        )
        for window in waiting_windows
    ]
    return ActionSelect(Target.WINDOW, 0, Action.VIEW_THREAD, options, texts("choose-window"))


def snooze_menu(texts: Translations, window: ShownWindow, context: WindowContext) -> layout.Card:
    """When to be reminded again, and the way back to the card."""
    buttons: list[ActionButton] = []
    if window.unanswered is not None:
        zone = context.preferences.zone
        for choice, until in snooze_options(
            context.now, window.unanswered.newest_window_closes_at, context.preferences.reminders
        ):
            local = until.astimezone(zone)
            is_today = local.date() == context.now.astimezone(zone).date()
            is_this_morning = choice is SnoozeChoice.TOMORROW_MORNING and is_today
            text_id = "action-this-morning" if is_this_morning else f"action-{choice}"
            label = texts(text_id, at=formatting.format_time(texts, local))
            buttons.append(ActionButton(Target.WINDOW, window.message_id, Action(choice.value), label))
    back = ActionButton(Target.WINDOW, window.message_id, Action.BACK, texts("action-back"))
    line = window_state_line(texts, window, context.now)
    mute = action_row(texts, Target.WINDOW, window.message_id, [Action.MUTE])
    question = texts("snooze-when" if buttons else "snooze-too-late")
    return layout.build_card([layout.text_block(line, question), ui.ActionRow(*buttons, back), mute], layout.WARNING)


def _reminder_title(
    texts: Translations,
    windows: Sequence[ShownWindow],
    waiting_counts: WaitingCounts,
    now: datetime,
    *,
    tonight: Sequence[Thread],
    late_by: timedelta | None,
) -> Iterator[str]:
    """The first lines, by the present state of the card's windows.

    A line that also counts windows which are not on the card says that it is as of `now`.
    """
    still_waiting = [window for window in windows if window.is_waiting]
    notices = sorted({window.contract_notice for window in windows if window.contract_notice is not None})
    for kind in notices:
        yield texts(f"contract-{kind}-title")
    if not still_waiting:
        if not notices:
            yield texts("reminder-done-title")
        return
    kinds = [window.reminder_kind for window in still_waiting if window.status is WindowStatus.OPEN]
    overnight = kinds.count(ReminderKind.OVERNIGHT)
    if overnight:
        yield texts("reminder-overnight", count=overnight)
    elif ReminderKind.MORNING in kinds:
        yield texts("reminder-morning")
    if late_by:
        yield texts("reminder-late", span=format_duration(texts, late_by))
    as_of = format_as_of_timestamp(texts, now)
    closed = [window.thread for window in still_waiting if window.status is WindowStatus.CLOSED]
    counts_overdue = bool(kinds or waiting_counts.total > waiting_counts.overdue)
    if counts_overdue:
        unit = waiting_unit_suffix(are_clients=waiting_counts.are_clients)
        yield f"{texts(f'reminder-title{unit}', count=waiting_counts.total, overdue=waiting_counts.overdue)}{as_of}"
        as_of = ""
    if closed and not (counts_overdue and waiting_counts.overdue >= len(closed)):
        yield _closed_windows_title(texts, closed, waiting_counts, as_of)
    if tonight:
        names = [format_short_thread_name(texts, thread) for thread in tonight[:MAX_NAMES]]
        yield texts(
            "reminder-tonight",
            threads=texts("reminder-tonight-separator").join(names),
            others=len(tonight) - len(names),
        )


def _closed_windows_title(
    texts: Translations, closed: Sequence[Thread | None], waiting_counts: WaitingCounts, as_of: str
) -> str:
    """How many deadlines have passed: of all the member's windows or, if the card shows no fewer, of the card's."""
    if waiting_counts.overdue > len(closed):
        unit = waiting_unit_suffix(are_clients=waiting_counts.are_overdue_clients)
        return f"{texts(f'reminder-closed-title{unit}', count=waiting_counts.overdue)}{as_of}"
    named = {client_key(thread.client) for thread in closed if thread is not None and thread.client}
    unit = waiting_unit_suffix(are_clients=is_one_thread_per_client(len(closed), len(named)))
    return texts(f"reminder-closed-title{unit}", count=len(closed))
