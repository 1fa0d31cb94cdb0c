"""A rehearsal under way: the Discord, its clock, the person who plays, the bot."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import RunningBot
from bot.cli.demo.clock_driver import ClockDriver
from bot.cli.demo.transcript import Transcript
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, InteractionResult
from bot.i18n.translations import Translations


@dataclass
class DemoSession:
    """What happens on it is printed as it happens."""

    discord: FakeDiscord
    clock: ManualClock
    person: FakeUser
    bot: RunningBot
    texts: Translations
    zone: ZoneInfo
    transcript: Transcript = field(init=False)
    clock_driver: ClockDriver = field(init=False)
    last_message: Message | None = None
    """What the bot said last: what a button is pressed on."""

    def __post_init__(self) -> None:
        self.transcript = Transcript(self.texts, self.zone)
        self.clock_driver = ClockDriver(self.clock, self.bot)

    def now(self) -> datetime:
        """What the clock shows."""
        return self.clock.now()

    async def show_new_messages(self) -> Message:
        """The bot's next message."""
        message = await self.person.next_bot_message()
        self.transcript.bot(message, self.now())
        self.last_message = message
        return message

    def show_answer(self, answer: InteractionResult) -> InteractionResult:
        """What the bot answered."""
        self.transcript.answer(answer, self.now())
        if answer.interaction.original is not None:
            self.last_message = answer.message
        return answer

    async def click(self, message: Message, label: str) -> InteractionResult:
        """Press a button."""
        self.transcript.member(self.texts("rehearse-presses", label=label))
        return self.show_answer(await self.person.click(message, label))

    async def write(self, content: str) -> Message:
        """Write to the bot, and hear its answer."""
        self.transcript.member(content)
        await self.person.write(content)
        return await self.show_new_messages()

    async def forward(self, content: str, posted_at: datetime, action_text: str) -> Message:
        """Forward a message to the bot, and hear its answer."""
        self.transcript.member(self.texts(action_text, at=f"{posted_at.astimezone(self.zone):%m-%d %H:%M}"), content)
        await self.person.forward(content, posted_at=posted_at)
        return await self.show_new_messages()

    async def command(self, name: str, **options: Any) -> InteractionResult:
        """Use a slash command."""
        written = " ".join(f"{option}:{value}" for option, value in options.items())
        self.transcript.member(f"/{name} {written}".rstrip())
        return self.show_answer(await self.person.command(name, **options))

    async def submit_modal(self, opened: InteractionResult, *written: str) -> InteractionResult:
        """Fill in a form."""
        self.transcript.member(self.texts("rehearse-fills", written=" · ".join(filter(None, written))))
        return self.show_answer(await self.person.submit_modal(opened, *written))

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock; whatever is due on the way happens at its time, and is shown."""
        async for _ in self.clock_driver.advance_stepwise(instant):
            self.transcript.time(self.now())
            while not self.person.skip_to_latest():
                await self.show_new_messages()

    async def advance_to_next_due(self) -> bool:
        """Move the clock to the next reminder, if there is one."""
        due = await self.clock_driver.next_due()
        if due is not None:
            await self.advance_to(max(due, self.now()))
        return due is not None
