"""The part of a card that shows one reply window: its state, and the buttons that are possible in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.discord_app.features.advice.cards import late_reply_cost
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import Action, ActionButton, Target
from bot.discord_app.ui.formatting import short_name, thread_name, timestamp
from bot.domain.calendar import ONE_DAY
from bot.domain.reminders.snooze import snooze_options
from bot.domain.reply.impact import LateReplyImpact
from bot.domain.types import MessageId
from bot.i18n.translations import Translations, hyphenated
from bot.services.cards import ShownWindow, WindowStatus
from bot.services.members import Preferences

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


def window_parts(texts: Translations, window: ShownWindow, context: WindowContext) -> Iterator[layout.LayoutItem]:
    """The state of a window, and its rows of buttons."""
    yield layout.text(window_line(texts, window, context.now), context.outcomes.get(window.message_id))
    if (
        window.status is WindowStatus.CLOSED
        and context.cost is not None
        and (cost := late_reply_cost(texts, context.cost))
    ):
        yield layout.text(cost)
    for buttons in _button_rows(texts, window, context):
        yield layout.row(*buttons)


def compact_window_parts(
    texts: Translations, window: ShownWindow, context: WindowContext
) -> Iterator[layout.LayoutItem]:
    """The state of a window in one line, and at most two buttons, for a card that shows many."""
    line = window_line(texts, window, context.now, short=True)
    yield layout.text(line, context.outcomes.get(window.message_id))
    if window.is_waiting:
        first = Action.REPLIED_NOW if window.status is WindowStatus.OPEN else Action.NEW_THREAD
        yield layout.row(_button(texts, window, first, _GREEN), _button(texts, window, Action.DISMISS))
    elif undo := _undo_button(texts, window):
        yield layout.row(undo)


def window_line(texts: Translations, window: ShownWindow, now: datetime, *, short: bool = False) -> str:
    """The state of a window in words."""
    if window.thread is None:
        return texts("shown-removed")
    name = (short_name if short else thread_name)(texts, window.thread)
    if window.unanswered is None:
        at = (
            "–"
            if window.ended_at is None
            else timestamp(window.ended_at, "t" if now - window.ended_at < ONE_DAY else "f")
        )
        verdict = texts(f"verdict-{hyphenated(window.verdict)}") if window.verdict else "–"
        return texts(f"shown-{window.status}", thread=name, at=at, verdict=verdict)
    closes_at = window.unanswered.window_closes_at
    # A line of a list has to fit the screen of a phone.
    at = timestamp(closes_at, "t" if short and abs(closes_at - now) < ONE_DAY else "f")
    counting = timestamp(closes_at, "R")
    if window.status is WindowStatus.CLOSED:
        return texts("shown-closed-short" if short else "reminder-closed", thread=name, at=at, counting=counting)
    line = texts("shown-open-short" if short else "reminder-open", thread=name, at=at, counting=counting)
    if window.snoozed_until is None:
        return line
    until = window.snoozed_until
    snoozed = texts("shown-snoozed", at=timestamp(until, "t"), left=timestamp(until, "R"))
    return f"{line}\n{snoozed}"


def _button_rows(
    texts: Translations, window: ShownWindow, context: WindowContext
) -> Iterator[tuple[ActionButton, ...]]:
    if window.unanswered is None:
        if undo := _undo_button(texts, window):
            yield (undo,)
        return
    opened_at, closes_at = window.unanswered.oldest, window.unanswered.window_closes_at
    on_time = tuple(action for action, ago in _EARLIER_REPLIES if opened_at <= context.now - ago <= closes_at)
    if window.status is WindowStatus.CLOSED:
        rows: tuple[tuple[Action, ...], ...] = (
            (Action.NEW_THREAD, Action.DISMISS, *on_time),
            (Action.REPLIED_AT, Action.REPLIED_NOW),
        )
        harmless = rows[0]
    else:
        can_snooze = snooze_options(context.now, closes_at, context.preferences.reminders)
        rows = (
            (Action.REPLIED_NOW, *on_time, Action.REPLIED_AT),
            (Action.DISMISS, Action.CHOOSE_SNOOZE) if can_snooze else (Action.DISMISS,),
        )
        harmless = (Action.REPLIED_NOW,)
    for actions in rows:
        yield tuple(_button(texts, window, action, _GREEN if action in harmless else _GREY) for action in actions)


def _button(
    texts: Translations, window: ShownWindow, action: Action, style: discord.ButtonStyle = _GREY
) -> ActionButton:
    return ActionButton(Target.WINDOW, window.message_id, action, texts(f"action-{action}"), style=style)


def _undo_button(texts: Translations, window: ShownWindow) -> ActionButton | None:
    if window.ending_id is None:
        return None
    return ActionButton(Target.MESSAGE, window.ending_id, Action.DELETE_MESSAGE, texts("action-undo"), style=_GREY)
