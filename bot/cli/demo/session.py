"""A rehearsal in the terminal: what the person does, and what the bot answers."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import RunningBot
from bot.cli.demo.clock_driver import ClockDriver
from bot.cli.demo.transcript import Transcript
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, InteractionResult
from bot.i18n.translations import Translations


class DemoSession:
    """Every action and every message of the bot is printed as it happens."""

    def __init__(
        self, clock: ManualClock, person: FakeUser, bot: RunningBot, texts: Translations, zone: ZoneInfo
    ) -> None:
        self.now = clock.now
        self.person = person
        self.texts = texts
        self.zone = zone
        self.transcript = Transcript(texts, zone)
        self.last_message: Message | None = None
        """The bot's last message, which buttons are clicked on."""
        self._clock_driver = ClockDriver(clock, bot)

    async def show_next_message(self) -> Message:
        """Wait for the bot's next message, and print it."""
        message = await self.person.next_bot_message()
        self.transcript.print_bot_message(message, self.now())
        self.last_message = message
        return message

    def show_answer(self, answer: InteractionResult) -> InteractionResult:
        """Print the bot's answer to an interaction."""
        self.transcript.print_answer(answer, self.now())
        if answer.interaction.original is not None:
            self.last_message = answer.message
        return answer

    async def click_button(self, message: Message, label: str) -> InteractionResult:
        """Click a button."""
        self.transcript.print_member_action(self.texts("rehearse-presses", label=label))
        return self.show_answer(await self.person.click(message, label))

    async def write_to_bot(self, content: str) -> Message:
        """Write to the bot, and print its answer."""
        self.transcript.print_member_action(content)
        await self.person.write(content)
        return await self.show_next_message()

    async def forward_to_bot(self, content: str, posted_at: datetime, action_text: str) -> Message:
        """Forward a message to the bot, and print its answer."""
        self.transcript.print_member_action(
            self.texts(action_text, at=f"{posted_at.astimezone(self.zone):%m-%d %H:%M}"), content
        )
        await self.person.forward(content, posted_at=posted_at)
        return await self.show_next_message()

    async def use_command(self, name: str, **options: Any) -> InteractionResult:
        """Use a slash command."""
        typed = " ".join(f"{option}:{value}" for option, value in options.items())
        self.transcript.print_member_action(f"/{name} {typed}".rstrip())
        return self.show_answer(await self.person.command(name, **options))

    async def submit_modal(self, opened: InteractionResult, *values: str) -> InteractionResult:
        """Fill in and submit a modal."""
        self.transcript.print_member_action(self.texts("rehearse-fills", written=" · ".join(filter(None, values))))
        return self.show_answer(await self.person.submit_modal(opened, *values))

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock; what falls due until then is sent at its time, and printed."""
        async for _ in self._clock_driver.advance_stepwise(instant):
            self.transcript.print_time(self.now())
            while not self.person.has_read_everything():
                await self.show_next_message()

    async def advance_to_next_due(self) -> bool:
        """Move the clock to the next reminder. False if there is none."""
        due = await self._clock_driver.next_due()
        if due is not None:
            await self.advance_to(max(due, self.now()))
        return due is not None
