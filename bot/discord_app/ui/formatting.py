"""Names and instants as Discord shows them: a name is never markdown, a mention or a change of direction."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import discord

from bot.domain.names import clean_title
from bot.errors import FluentValue, MessageArgument, NinteiError
from bot.i18n import formatting
from bot.i18n.translations import Translations
from storage.threads import Thread

_ANGLE: Final = re.compile(r"[<>]")
_LINK: Final = re.compile(r"(?<=\w):(?=//)")
_COMMAND: Final = re.compile(r"`/([a-z]+(?: [a-z]+)?)`")


SHORT_NAME_LENGTH: Final = 24
"""Characters of a name where many stand on one card."""


def escape(name: str) -> str:
    """A name as plain text, wherever it stands in a message."""
    plain = discord.utils.escape_markdown(clean_title(name), ignore_links=False)
    plain = _ANGLE.sub(lambda match: "\\" + match[0], plain)
    plain = _LINK.sub("\\:", plain)
    return discord.utils.escape_mentions(plain)


def truncate_label(name: str, max_length: int) -> str:
    """A name for a label, an option or a title, which know no markdown."""
    format_argument = clean_title(name)
    return format_argument if len(format_argument) <= max_length else format_argument[: max_length - 1] + "…"


def thread_name(texts: Translations, thread: Thread) -> str:
    """Who and what, in bold."""
    client = f"**{escape(thread.client)}**" if thread.client else texts("thread-nobody")
    return client if not thread.title else texts("thread-titled", client=client, title=escape(thread.title))


def short_name(texts: Translations, thread: Thread) -> str:
    """The same where many stand on one card: what a message may hold is limited."""
    client = (
        f"**{escape(truncate_label(thread.client, SHORT_NAME_LENGTH))}**" if thread.client else texts("thread-nobody")
    )
    if not thread.title:
        return client
    return texts("thread-titled", client=client, title=escape(truncate_label(thread.title, SHORT_NAME_LENGTH)))


def thread_label(texts: Translations, thread: Thread, max_length: int = 100) -> str:
    """The same for a label or an option."""
    client = thread.client or texts("thread-nobody-plain")
    return truncate_label(
        client if not thread.title else texts("thread-titled", client=client, title=thread.title), max_length
    )


def timestamp_full(instant: datetime) -> str:
    """Date and time, in the zone of whoever looks."""
    return discord.utils.format_dt(instant, "f")


def timestamp_time(instant: datetime) -> str:
    """The time of day."""
    return discord.utils.format_dt(instant, "t")


def timestamp_relative(instant: datetime) -> str:
    """How long from now; it counts down by itself."""
    return discord.utils.format_dt(instant, "R")


def format_duration(texts: Translations, length: timedelta) -> str:
    """A length of time, in hours and minutes."""
    minutes = max(0, int(length.total_seconds()) // 60)
    hours, minutes = divmod(minutes, 60)
    if hours and minutes:
        return texts("span-both", hours=str(hours), minutes=str(minutes))
    return texts("span-hours", hours=str(hours)) if hours else texts("span-minutes", minutes=str(minutes))


def with_command_mentions(text: str, ids: Mapping[str, int]) -> str:
    """Our own words with the commands in them as Discord's mentions, which can be tapped."""
    return _COMMAND.sub(lambda found: f"</{found[1]}:{ids[found[1]]}>" if found[1] in ids else found[0], text)


def format_error(texts: Translations, error: NinteiError) -> str:
    """An error's sentence, with its names made safe and its instants in the reader's zone."""

    def format_argument(value: MessageArgument) -> FluentValue:
        if isinstance(value, tuple):
            return " ".join(str(format_argument(each)) for each in value)
        if isinstance(value, datetime):
            return timestamp_full(value) if value.tzinfo else formatting.format_datetime(texts, value)
        if isinstance(value, date):
            return formatting.format_day(texts, value)
        return escape(value) if isinstance(value, str) else value

    return texts(error.message_id, **{name: format_argument(value) for name, value in error.arguments.items()})
