"""Prints a Discord conversation in the terminal as the member would see it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bot.fake_discord.state import EPHEMERAL, Message
from bot.fake_discord.users import InteractionResult, buttons_of, selects_of, text_of
from bot.i18n.translations import Translations

_DISCORD_TIMESTAMP_RE: Final = re.compile(r"<t:(-?\d+)(?::([tTdDfFRsS]))?>")
_MARKDOWN_RE: Final = re.compile(r"\*\*|(?<![\w*])_(?=\S)|(?<=\S)_(?![\w*])|^-# |`|\\(?=[^\w\s])|^### ", re.MULTILINE)
_COMMAND_MENTION_RE: Final = re.compile(r"<(/[a-z ]+):\d+>")
_TIMESTAMP_FORMATS: Final = {"t": "%H:%M", "d": "%Y-%m-%d", "D": "%Y-%m-%d"}
_INDENT: Final = "    "


class Transcript:
    """Prints messages with their author; times are in the member's zone, relative ones as of the printing."""

    def __init__(self, texts: Translations, zone: tzinfo) -> None:
        self._texts = texts
        self._zone = zone

    def print_time(self, now: datetime) -> None:
        """Print the clock's time."""
        print()
        print(self._texts("rehearse-time", at=f"{now.astimezone(self._zone):%Y-%m-%d (%a) %H:%M}"))

    def print_member_action(self, action_text: str, *lines: str) -> None:
        """Print an action of the member."""
        print()
        print(f"{self._texts('rehearse-member')} ▸ {action_text}")
        for line in lines:
            print(f"{_INDENT}│ {line}")

    def print_bot_message(self, message: Message, now: datetime) -> None:
        """Print a message of the bot."""
        print()
        only_you = self._texts("rehearse-only-you") if message.body.get("flags", 0) & EPHEMERAL else ""
        print(f"{self._texts('rehearse-bot')} ▸ {only_you}".rstrip())
        for line in self._message_as_lines(message, now):
            print(f"{_INDENT}{line}")

    def print_answer(self, answer: InteractionResult, now: datetime) -> None:
        """Print the bot's answer, if it is a message."""
        if answer.interaction.original is not None:
            self.print_bot_message(answer.message, now)

    def _message_as_lines(self, message: Message, now: datetime) -> Iterator[str]:
        yield from _MARKDOWN_RE.sub("", self._render_mentions_and_timestamps(text_of(message), now)).split("\n")
        for select in selects_of(message):
            options = " / ".join(option["label"] for option in select["options"])
            yield self._texts("rehearse-options", placeholder=select.get("placeholder") or "…", options=options)
        labels = " ".join(f"[ {label} ]" for label in buttons_of(message))
        if labels:
            yield labels

    def _render_mentions_and_timestamps(self, text: str, now: datetime) -> str:
        def format_timestamp(match: "re.Match[str]") -> str:
            instant = datetime.fromtimestamp(int(match[1]), UTC)
            if match[2] == "R":
                return _format_relative_timestamp(instant - now)
            return f"{instant.astimezone(self._zone):{_TIMESTAMP_FORMATS.get(match[2] or 'f', '%Y-%m-%d %H:%M')}}"

        return _COMMAND_MENTION_RE.sub(r"\1", _DISCORD_TIMESTAMP_RE.sub(format_timestamp, text))


def _format_relative_timestamp(span: timedelta) -> str:
    minutes = round(abs(span).total_seconds() / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if span < timedelta() else '+'}{hours}:{minutes:02}"
