"""Names, instants, rates and errors as Discord shows them. A name never acts as markdown, a mention or a link."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import discord

from bot.domain.names import clean_title
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.domain.text import cut_text
from bot.domain.types import Edition
from bot.errors import FluentValue, MessageArgument, NinteiError
from bot.i18n import formatting
from bot.i18n.command_mentions import without_command_mentions
from bot.i18n.translations import Translations
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread

SHORT_NAME_LENGTH: Final = 24
"""Characters of a name on a card that lists many: the text of a message is limited."""

MAX_LABEL_LENGTH: Final = 100
"""Characters of an option's label (Discord)."""

MINUTE: Final = timedelta(minutes=1)

_ANGLE_BRACKET_RE: Final = re.compile(r"(?<!\\)((?:\\\\)*)([<>])")
"""One that no backslash escapes; backslashes of the name itself are in pairs."""
_HAIR_SPACE: Final = "\u200a"
_PUNCTUATION: Final = "PS"
"""Unicode's categories of what CommonMark takes for punctuation, symbols included."""
_URL_COLON_RE: Final = re.compile(r"(?<=\w):(?=//)")


def escape_name(name: str) -> str:
    """A name as plain text in a message: no markdown, no mention, no link."""
    escaped = discord.utils.escape_markdown(clean_title(name), ignore_links=False)
    escaped = _URL_COLON_RE.sub("\\:", _ANGLE_BRACKET_RE.sub(r"\1\\\2", escaped))
    return discord.utils.escape_mentions(escaped)


def bold(name: str) -> str:
    """A name as plain text in bold, whatever stands beside it.

    By CommonMark the asterisks between a letter and punctuation do not open or close bold text, as in `**「甲」**さん`.
    So a name that begins or ends in punctuation has a thin space there.
    """
    escaped = escape_name(name)
    if not escaped:  # nothing in it can be seen
        return ""
    before = _HAIR_SPACE if unicodedata.category(escaped[0])[0] in _PUNCTUATION else ""
    after = _HAIR_SPACE if unicodedata.category(escaped[-1])[0] in _PUNCTUATION else ""
    return f"{before}**{escaped}**{after}"


def format_label(name: str, max_length: int = MAX_LABEL_LENGTH) -> str:
    """A text for a label, an option or a title: one line without mentions, cut with "…" to the length.

    Discord interprets no markdown there and shows no mentions.
    """
    name = clean_title(name)
    if "</" in name:
        name = without_command_mentions(name)
    return name if len(name) <= max_length else cut_text(name, max_length)


def format_client_name(texts: Translations, client: str | None, max_length: int | None = None) -> str:
    """A client in bold, or that nobody is named yet."""
    if not client:
        return texts("thread-nobody")
    return bold(client if max_length is None else format_label(client, max_length))


def format_thread_name(texts: Translations, thread: Thread, max_length: int | None = None) -> str:
    """Client, and title if there is one, of at most `max_length` characters each."""
    client = format_client_name(texts, thread.client, max_length)
    if not thread.title:
        return client
    title = thread.title if max_length is None else format_label(thread.title, max_length)
    return texts("thread-titled", client=client, title=escape_name(title))


def format_short_thread_name(texts: Translations, thread: Thread) -> str:
    """The name of a thread on a card that lists many."""
    return format_thread_name(texts, thread, SHORT_NAME_LENGTH)


def format_waiting_thread_name(
    texts: Translations, waiting: UnansweredThread, max_length: int = SHORT_NAME_LENGTH
) -> str:
    """The name of a thread that waits for a reply, marked where the member wants no reminders of the client."""
    name = format_thread_name(texts, waiting.thread, max_length)
    return texts("thread-muted", thread=name) if waiting.muted else name


def waiting_unit_suffix(*, are_clients: bool) -> str:
    """The end of the id of a text that counts threads: it counts clients where each thread is with another one."""
    return "" if are_clients else "-conversations"


def format_thread_label(texts: Translations, thread: Thread) -> str:
    """The name of a thread as a label."""
    client = thread.client or texts("thread-nobody-plain")
    return format_label(client if not thread.title else texts("thread-titled", client=client, title=thread.title))


def edition_name(texts: Translations, name: Edition) -> str:
    """The name of an edition, for example "Today's rules (2024 on)"."""
    return texts("edition-name", key=f"y{name}", year=name)


def edition_about(texts: Translations, name: Edition) -> str:
    """What an edition asks for, in one sentence."""
    return texts("edition-about", key=f"y{name}", year=name)


def format_timestamp(instant: datetime, style: Literal["f", "t", "D", "R"] = "f") -> str:
    """Discord's timestamp, shown in the reader's zone: date and time (f), time (t), date (D), or time from now (R)."""
    return discord.utils.format_dt(instant, style)


def format_as_of_timestamp(texts: Translations, instant: datetime) -> str:
    """When a count was taken, for one that changes while its card is not edited."""
    return texts("as-of", at=format_timestamp(instant, "t"))


def format_duration(texts: Translations, duration: timedelta) -> str:
    """A duration in hours and minutes, rounded down; one longer than a reply window is never 24 hours."""
    whole_minutes = max(0, int(duration.total_seconds()) // 60)
    if duration > REPLY_WINDOW:
        whole_minutes = max(whole_minutes, REPLY_WINDOW // MINUTE + 1)
    hours, minutes = divmod(whole_minutes, 60)
    if hours and minutes:
        return texts("span-both", hours=str(hours), minutes=str(minutes))
    return texts("span-hours", hours=str(hours)) if hours else texts("span-minutes", minutes=str(minutes))


def format_lead_times_in_words(texts: Translations, leads: Sequence[timedelta]) -> str:
    """How long before a deadline a member is reminded; empty for none."""
    return " · ".join(format_duration(texts, lead) for lead in leads)


def format_error(texts: Translations, error: NinteiError) -> str:
    """An error's sentence, with names escaped and instants in the reader's zone."""

    def format_argument(value: MessageArgument) -> FluentValue:
        if isinstance(value, tuple):
            return " ".join(str(format_argument(part)) for part in value)
        if isinstance(value, datetime):
            return format_timestamp(value) if value.tzinfo else formatting.format_datetime(texts, value)
        if isinstance(value, date):
            return formatting.format_day(texts, value)
        return escape_name(value) if isinstance(value, str) else value

    return texts(error.message_id, **{name: format_argument(value) for name, value in error.arguments.items()})
