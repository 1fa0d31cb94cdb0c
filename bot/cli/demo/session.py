"""A rehearsal in the terminal: what the person does, and what the bot answers."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.app import RunningBot
from bot.cli.demo.clock_driver import ClockDriver
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.state import EPHEMERAL, Message
from bot.fake_discord.users import FakeUser, InteractionResult, buttons_of, selects_of, text_of
from bot.i18n.translations import Translations

_DISCORD_TIMESTAMP_RE: Final = re.compile(r"<t:(-?\d+)(?::([tTdDfFRsS]))?>")
_MARKDOWN_RE: Final = re.compile(r"\*\*|(?<![\w*])_(?=\S)|(?<=\S)_(?![\w*])|^-# |`|\\(?=[^\w\s])|^### ", re.MULTILINE)
_COMMAND_MENTION_RE: Final = re.compile(r"<(/[a-z ]+):\d+>")
_TIMESTAMP_FORMATS: Final = {"t": "%H:%M", "d": "%Y-%m-%d", "D": "%Y-%m-%d"}
_INDENT: Final = "    "


class DemoSession:
    """Every action and every message of the bot is printed as it happens, as the member would see it.

    Times are in the member's zone, relative ones as of the printing.
    """

    def __init__(
        self, clock: ManualClock, person: FakeUser, bot: RunningBot, texts: Translations, zone: ZoneInfo
    ) -> None:
        self.now = clock.now
        self.person = person
        self.texts = texts
        self.zone = zone
        self.last_message: Message | None = None
        """The bot's last message, whose buttons are pressed."""
        self._clock_driver = ClockDriver(clock, bot)

    async def show_next_message(self) -> Message:
        """Wait for the bot's next message, and print it."""
        message = await self.person.next_bot_message()
        self._print_bot_message(message)
        return message

    def show_answer(self, answer: InteractionResult) -> InteractionResult:
        """Print the bot's answer to an interaction, if it is a message."""
        if answer.interaction.original is not None:
            self._print_bot_message(answer.message)
        return answer

    async def press_button(self, message: Message, label: str) -> InteractionResult:
        """Press a button."""
        self.print_member_action(self.texts("rehearse-presses", label=label))
        return self.show_answer(await self.person.click(message, label))

    async def write_to_bot(self, content: str) -> Message:
        """Write to the bot, and print its answer."""
        self.print_member_action(content)
        await self.person.write(content)
        return await self.show_next_message()

    async def forward_to_bot(self, content: str, posted_at: datetime, action_text: str) -> Message:
        """Forward a message to the bot, and print its answer."""
        self.print_member_action(self.texts(action_text, at=f"{posted_at.astimezone(self.zone):%m-%d %H:%M}"), content)
        await self.person.forward(content, posted_at=posted_at)
        return await self.show_next_message()

    async def use_command(self, name: str, **options: Any) -> InteractionResult:
        """Use a slash command."""
        typed = " ".join(f"{option}:{value}" for option, value in options.items())
        self.print_member_action(f"/{name} {typed}".rstrip())
        return self.show_answer(await self.person.command(name, **options))

    async def submit_modal(self, opened: InteractionResult, *values: str) -> InteractionResult:
        """Fill in and submit a modal."""
        self.print_member_action(self.texts("rehearse-fills", written=" · ".join(filter(None, values))))
        return self.show_answer(await self.person.submit_modal(opened, *values))

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock; what falls due until then is sent at its time, and printed."""
        async for _ in self._clock_driver.advance_stepwise(instant):
            self.print_time()
            while not self.person.has_read_everything():
                await self.show_next_message()

    async def advance_to_next_due(self) -> bool:
        """Move the clock to the next reminder. False if there is none."""
        due = await self._clock_driver.next_due()
        if due is not None:
            await self.advance_to(max(due, self.now()))
        return due is not None

    def print_time(self) -> None:
        """Print the clock's time."""
        print()
        print(self.texts("rehearse-time", at=f"{self.now().astimezone(self.zone):%Y-%m-%d (%a) %H:%M}"))

    def print_member_action(self, action_text: str, *lines: str) -> None:
        """Print an action of the member."""
        print()
        print(f"{self.texts('rehearse-member')} ▸ {action_text}")
        for line in lines:
            print(f"{_INDENT}│ {line}")

    def _print_bot_message(self, message: Message) -> None:
        self.last_message = message
        print()
        only_you = self.texts("rehearse-only-you") if message.body.get("flags", 0) & EPHEMERAL else ""
        print(f"{self.texts('rehearse-bot')} ▸ {only_you}".rstrip())
        for line in self._message_as_lines(message):
            print(f"{_INDENT}{line}")

    def _message_as_lines(self, message: Message) -> Iterator[str]:
        yield from _MARKDOWN_RE.sub("", self._render_mentions_and_timestamps(text_of(message))).split("\n")
        for select in selects_of(message):
            options = " / ".join(option["label"] for option in select["options"])
            yield self.texts("rehearse-options", placeholder=select.get("placeholder") or "…", options=options)
        labels = " ".join(f"[ {label} ]" for label in buttons_of(message))
        if labels:
            yield labels

    def _render_mentions_and_timestamps(self, text: str) -> str:
        def format_timestamp(match: "re.Match[str]") -> str:
            instant = datetime.fromtimestamp(int(match[1]), UTC)
            if match[2] == "R":
                return _format_relative_timestamp(instant - self.now())
            return f"{instant.astimezone(self.zone):{_TIMESTAMP_FORMATS.get(match[2] or 'f', '%Y-%m-%d %H:%M')}}"

        return _COMMAND_MENTION_RE.sub(r"\1", _DISCORD_TIMESTAMP_RE.sub(format_timestamp, text))


def _format_relative_timestamp(span: timedelta) -> str:
    minutes = round(abs(span).total_seconds() / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if span < timedelta() else '+'}{hours}:{minutes:02}"
