"""The menu of corrections of a recorded message, and the offer to correct one whose message was edited."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.contracts.parts import thread_mark_buttons
from bot.discord_app.ui.components import ActionButton, ActionSelect, thread_select
from bot.discord_app.ui.formatting import format_label, format_thread_name, format_timestamp
from bot.discord_app.ui.layout import INFO, Card, LayoutItem, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.messages import ClientMessage, ParsedTime, Precision, Statement
from bot.domain.names import client_key
from bot.domain.reply.thread_state import Direction, EventKind
from bot.errors import NotAllowedError
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.results import Receipt
from storage.messages import Message
from storage.threads import Thread

_TIME, _CLIENT = "time-", "client-"

MAX_VALUE_LENGTH: Final = 100
"""Characters of an option's value (Discord)."""


def correction_card(texts: Translations, message: Message, thread: Thread, others: Sequence[Thread]) -> Card:
    """What is recorded, and what of it can be corrected; `others` are threads to which the message can be moved."""
    received = message.entry.direction is Direction.RECEIVED
    recorded = texts(
        f"correct-{message.entry.direction}",
        thread=format_thread_name(texts, thread),
        at=format_timestamp(message.entry.at),
    )
    turn = Action.MARK_AS_SENT if received else Action.MARK_AS_RECEIVED
    labels = {
        Action.CHANGE_TIME: "correct-time",
        Action.CHANGE_CLIENT: "correct-client",
        turn: "correct-to-sent" if received else "correct-to-received",
        Action.BACK: "action-back",
    }
    if message.entry.kind is not EventKind.MESSAGE:
        del labels[turn]
    buttons = [ActionButton(Target.MESSAGE, message.id, action, texts(label)) for action, label in labels.items()]
    marks = thread_mark_buttons(texts, Target.MESSAGE, message.id, thread)
    parts: list[LayoutItem] = [
        text_block(texts("correct-title"), recorded),
        ui.ActionRow(*buttons),
        ui.ActionRow(*marks),
    ]
    if others:
        select = thread_select(
            texts, Target.MESSAGE, message.id, others, new_thread_option=False, placeholder=texts("correct-move")
        )
        parts.append(ui.ActionRow(select))
    return build_card(parts)


def move_message_card(texts: Translations, message: Message, threads: Sequence[Thread]) -> Card:
    """The threads to which a message can be moved, and a way back."""
    select = thread_select(texts, Target.MESSAGE, message.id, threads, new_thread_option=True)
    back = ActionButton(Target.MESSAGE, message.id, Action.BACK, texts("action-back"))
    return build_card([text_block(texts("choose-thread")), ui.ActionRow(select), ui.ActionRow(back)])


def edited_message_card(
    texts: Translations, receipt: Receipt, edited: ClientMessage | Statement, zone: tzinfo
) -> Card | None:
    """What the edited message says otherwise than the record; None where nothing differs."""
    options: list[discord.SelectOption] = []
    recorded = receipt.message.entry.at
    # A line that needs no reply names the time of what it is about.
    names_own_time = receipt.message.entry.kind is not EventKind.DISMISSED
    if edited.time is not None and names_own_time and _is_another_time(edited.time, recorded):
        at = formatting.format_datetime_short(texts, edited.time.at.astimezone(zone))
        value = f"{_TIME}{instant_to_micros(edited.time.at)}-{edited.time.precision}"
        options.append(discord.SelectOption(label=format_label(texts("edited-time", at=at)), value=value))
    differs = edited.client is not None and client_key(edited.client) != client_key(receipt.thread.client or "")
    if differs and len(value := f"{_CLIENT}{edited.client}") <= MAX_VALUE_LENGTH:
        label = format_label(texts("edited-client", client=edited.client or ""))
        options.append(discord.SelectOption(label=label, value=value))
    if not options:
        return None
    select = ActionSelect(
        Target.MESSAGE, receipt.message.id, Action.APPLY_EDIT, options, texts("edited-choose"), max_values=len(options)
    )
    heading = texts("edited-message", thread=format_thread_name(texts, receipt.thread), at=format_timestamp(recorded))
    return build_card([text_block(heading), ui.ActionRow(select)], INFO)


def _is_another_time(edited: ParsedTime, recorded: datetime) -> bool:
    """Whether a time differs from the recorded one.

    "20分前" is counted from when a message arrived, and of an edited one from when it was written, a moment before.
    """
    difference = abs(edited.at - recorded)
    return difference >= timedelta(minutes=1) if edited.precision is Precision.ABOUT else bool(difference)


def parse_message_edit_choice(values: tuple[str, ...]) -> tuple[ParsedTime | None, str | None]:
    """The time and the client that were chosen. Raises `NotAllowedError` for what no option has."""
    time: ParsedTime | None = None
    client: str | None = None
    for value in values:
        if value.startswith(_CLIENT):
            client = value.removeprefix(_CLIENT)
        else:
            time = _parse_edited_time(value)
    return time, client


def _parse_edited_time(value: str) -> ParsedTime:
    micros, _, precision = value.removeprefix(_TIME).partition("-")
    try:
        at: datetime = instant_from_micros(int(micros))
        return ParsedTime(at, Precision(precision))
    except (ValueError, OverflowError):
        raise NotAllowedError("button-unknown") from None
