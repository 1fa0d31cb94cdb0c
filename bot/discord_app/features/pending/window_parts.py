"""The part of a card that shows one reply window: its state, and the buttons that are possible in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.advice.cards import late_reply_cost_text
from bot.discord_app.features.contracts.parts import (
    contact_request_buttons,
    contract_button,
    contract_notice,
    contract_window_parts,
)
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import ActionButton, lancers_link_buttons
from bot.discord_app.ui.formatting import format_short_thread_name, format_thread_name, format_timestamp
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import ONE_DAY
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reminders.snooze import snooze_options
from bot.domain.reply.impact import LateReplyImpact
from bot.domain.types import MemberId, MessageId
from bot.i18n.translations import Translations
from bot.services.container import Services
from bot.services.members import Preferences
from bot.services.shown_cards import ShownWindow, WindowStatus

_EARLIER_REPLIES: Final = (
    (Action.REPLIED_10_MIN_AGO, timedelta(minutes=10)),
    (Action.REPLIED_30_MIN_AGO, timedelta(minutes=30)),
)
_GREEN: Final = discord.ButtonStyle.success
_GREY: Final = discord.ButtonStyle.secondary


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowContext:
    """What the parts of windows depend on besides the windows."""

    now: datetime
    preferences: Preferences
    cost: LateReplyImpact | None = None
    """The effect of one late reply, where a window has closed."""
    outcomes: Mapping[MessageId, str] = field(default_factory=dict)
    """A line about what a press has just recorded, by window."""


async def load_window_context(
    services: Services,
    member_id: MemberId,
    windows: Sequence[ShownWindow],
    preferences: Preferences,
    *,
    now: datetime,
    outcomes: Mapping[MessageId, str] | None = None,
) -> WindowContext:
    """What the parts of windows depend on besides these; what a late reply costs is read where one has closed."""
    has_closed = WindowStatus.CLOSED in map(attrgetter("status"), windows)
    cost = await services.status.late_reply_impact(member_id, now=now) if has_closed else None
    return WindowContext(now=now, preferences=preferences, cost=cost, outcomes=outcomes or {})


def window_parts(
    texts: Translations, window: ShownWindow, context: WindowContext, *, alone: bool = True
) -> Iterator[layout.LayoutItem]:
    """The state of a window, and its rows of buttons; `alone` on its card, there is room for the mark of a contract."""
    outcome = context.outcomes.get(window.message_id)
    if window.contract_notice is not None and not window.is_waiting:
        yield from contract_window_parts(texts, window, context.now)
        return
    notice = None if window.contract_notice is None else contract_notice(texts, window, context.now)
    yield layout.text_block(window_state_line(texts, window, context.now), notice, outcome)
    if (
        window.status is WindowStatus.CLOSED
        and window.counts_in_rate
        and context.cost is not None
        and (cost := late_reply_cost_text(texts, context.cost))
    ):
        yield layout.text_block(cost)
    *rows, last = _window_button_rows(texts, window, context) or [()]
    if window.is_waiting:
        marks = contract_button(texts, Target.WINDOW, window.message_id, window.thread) if alone else []
        yield from (ui.ActionRow(*buttons) for buttons in rows)
        yield ui.ActionRow(*last, *marks, *lancers_link_buttons(texts, window.thread))
    elif last:
        yield ui.ActionRow(*last)


def compact_window_parts(
    texts: Translations, window: ShownWindow, context: WindowContext
) -> Iterator[layout.LayoutItem]:
    """The state of a window in one line, and at most two buttons, for a card that shows many."""
    line = window_state_line(texts, window, context.now, short=True)
    yield layout.text_block(line, context.outcomes.get(window.message_id))
    if window.contract_notice is ReminderKind.CONTACT_REQUEST and window.thread is not None:
        yield contact_request_buttons(texts, window.message_id, window.thread, compact=True)
    elif window.is_waiting:
        replied_first = window.status is WindowStatus.OPEN or not window.counts_in_rate
        first = Action.REPLIED_NOW if replied_first else Action.NEW_THREAD
        is_silence_advised = replied_first or not window.under_contract
        second = Action.DISMISS if is_silence_advised else Action.REPLIED_NOW
        yield ui.ActionRow(_window_button(texts, window, first, _GREEN), _window_button(texts, window, second))
    elif undo := _window_undo_button(texts, window):
        yield ui.ActionRow(undo)


def window_state_line(texts: Translations, window: ShownWindow, now: datetime, *, short: bool = False) -> str:
    """The state of a window in words."""
    if window.thread is None:
        return texts("shown-removed")
    name = (format_short_thread_name if short else format_thread_name)(texts, window.thread)
    if window.contract_notice is not None and not window.is_waiting:
        return contract_notice(texts, window, now) or ""
    if window.unanswered is None:
        at = (
            "–"
            if window.ended_at is None
            else format_timestamp(window.ended_at, "t" if now - window.ended_at < ONE_DAY else "f")
        )
        verdict = texts(f"verdict-{window.verdict}") if window.verdict else "–"
        text_id = f"shown-{window.status}"
        if window.status is WindowStatus.ANSWERED and window.verdict is None:
            text_id = "shown-answered-elsewhere"
        return texts(text_id, thread=name, at=at, verdict=verdict)
    # Where an earlier window has closed, reminders are for the newest one; late or overdue is counted from the oldest.
    due_at, newest_closes_at = window.unanswered.due_at, window.unanswered.newest_window_closes_at
    closes_at = due_at if window.status is WindowStatus.CLOSED else newest_closes_at
    # A line of a list has to fit the screen of a phone.
    at = format_timestamp(closes_at, "t" if short and abs(closes_at - now) < ONE_DAY else "f")
    counting = format_timestamp(closes_at, "R")
    if window.status is WindowStatus.CLOSED:
        return texts(_closed_window_text_id(window, short=short), thread=name, at=at, counting=counting)
    line = texts("shown-open-short" if short else "reminder-open", thread=name, at=at, counting=counting)
    if due_at < closes_at and window.counts_in_rate:
        line += f"\n{texts('shown-newer-window', at=format_timestamp(due_at))}"
    if window.snoozed_until is None:
        return line
    until = window.snoozed_until
    snoozed = texts("shown-snoozed", at=format_timestamp(until, "t"), left=format_timestamp(until, "R"))
    return f"{line}\n{snoozed}"


def _closed_window_text_id(window: ShownWindow, *, short: bool) -> str:
    if short:
        return "shown-closed-short"
    if not window.counts_in_rate:
        return "reminder-closed-other-site"
    return "reminder-closed-contract" if window.under_contract else "reminder-closed"


def _window_button_rows(
    texts: Translations, window: ShownWindow, context: WindowContext
) -> list[tuple[ActionButton, ...]]:
    if window.unanswered is None:
        undo = _window_undo_button(texts, window)
        return [] if undo is None else [(undo,)]
    opened_at, closes_at = window.unanswered.oldest, window.unanswered.newest_window_closes_at
    # Once the newest window has closed too, only a reply within the first one does no harm.
    last = window.unanswered.due_at if window.status is WindowStatus.CLOSED else closes_at
    on_time = tuple(action for action, ago in _EARLIER_REPLIES if opened_at <= context.now - ago <= last)
    rows: tuple[tuple[Action, ...], ...]
    if window.status is WindowStatus.CLOSED and not window.counts_in_rate:
        rows = ((Action.REPLIED_NOW, *on_time, Action.REPLIED_AT), (Action.DISMISS,))
        harmless = rows[0][:1]
    elif window.status is WindowStatus.CLOSED and window.under_contract:
        # A long silence can end the work: a message is offered first, in this thread or a new one.
        rows = ((Action.NEW_THREAD, *on_time, Action.REPLIED_NOW), (Action.REPLIED_AT, Action.DISMISS))
        harmless = (Action.NEW_THREAD, *on_time)
    elif window.status is WindowStatus.CLOSED:
        rows = ((Action.NEW_THREAD, Action.DISMISS, *on_time), (Action.REPLIED_AT, Action.REPLIED_NOW))
        harmless = rows[0]
    else:
        can_snooze = snooze_options(context.now, closes_at, context.preferences.reminders)
        rows = (
            (Action.REPLIED_NOW, *on_time, Action.REPLIED_AT),
            (Action.DISMISS, Action.CHOOSE_SNOOZE) if can_snooze else (Action.DISMISS,),
        )
        harmless = (Action.REPLIED_NOW,)
    return [
        tuple(_window_button(texts, window, action, _GREEN if action in harmless else _GREY) for action in actions)
        for actions in rows
    ]


def _window_button(
    texts: Translations, window: ShownWindow, action: Action, style: discord.ButtonStyle = _GREY
) -> ActionButton:
    return ActionButton(Target.WINDOW, window.message_id, action, texts(f"action-{action}"), style=style)


def _window_undo_button(texts: Translations, window: ShownWindow) -> ActionButton | None:
    if window.ending_id is None:
        return None
    return ActionButton(Target.MESSAGE, window.ending_id, Action.DELETE_MESSAGE, texts("action-undo"), style=_GREY)
