"""The offer to correct a record whose message was edited: a select with what the edited message says."""

from datetime import datetime, tzinfo
from typing import Final

import discord

from bot.discord_app.ui.components import ActionSelect
from bot.discord_app.ui.formatting import format_label, format_thread_name, format_timestamp
from bot.discord_app.ui.layout import INFO, Card, build_card, control_row, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.messages import ClientMessage, ParsedTime, Precision, Statement
from bot.domain.names import client_key
from bot.errors import NotAllowedError
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.results import Receipt

_TIME, _CLIENT = "time-", "client-"
MAX_VALUE_LENGTH: Final = 100
"""Characters of an option's value (Discord)."""


def edited_message_card(
    texts: Translations, receipt: Receipt, edited: ClientMessage | Statement, zone: tzinfo
) -> Card | None:
    """What the edited message says otherwise than the record; None where nothing differs."""
    options: list[discord.SelectOption] = []
    recorded = receipt.message.entry.at
    if edited.time is not None and edited.time.at != recorded:
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
    said = texts("edited-message", thread=format_thread_name(texts, receipt.thread), at=format_timestamp(recorded))
    return build_card([text_block(said), control_row(select)], INFO)


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
