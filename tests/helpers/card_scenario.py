"""The actions of a member in the scenario that brings up every card, each of which collects the card that answers it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from bot.app import RunningBot
from bot.cli.demo.clock_driver import ClockDriver
from bot.cli.demo.environment import DEMO_START, DemoEnvironment
from bot.discord_app.inbound.receipts import MessageHandled, ReceiptEntry
from bot.domain.types import MemberId
from bot.fake_discord.state import Channel, Message
from bot.fake_discord.users import FakeUser, InteractionResult, selects_of, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.card_text import format_card, format_form
from tests.helpers.collected import BUTTON, Collected, normal

LABEL: Final = 18


class Scenario:
    """The actions of the member Mika, each of which collects the card that answers it."""

    def __init__(
        self, behind: DemoEnvironment, bot: RunningBot, channel: Channel, seen: Collected | None = None
    ) -> None:
        self.behind = behind
        self.bot = bot
        self.hands = ClockDriver(behind.clock, bot)
        self.channel = channel
        self.mika, self.ken, self.ren = behind.users
        self.seen = seen or Collected()
        self.features: dict[int, str] = {}
        """By the id of a message: the feature that answered with it, which is the name of the golden file."""
        send_receipts_at_once(bot)

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """A time of the first day, or of another one."""
        return DEMO_START.replace(hour=hour, minute=minute) + timedelta(days=days)

    def note(self, feature: str, action: str, text: str) -> None:
        """Collect the words that an action brought up."""
        self.seen.cards.setdefault(feature, {}).setdefault(text, action)

    def shown(self, feature: str, action: str, message: Message) -> Message:
        """Collect and return the card that an action brought up."""
        self.features[message.id] = feature
        self.note(feature, action, format_card(message))
        return message

    async def use(self, name: str, **options: Any) -> Message:
        """Use a command; the bot's answer."""
        answer = await self.mika.command(name, **options)
        return self.shown(name.partition(" ")[0], f"/{name} {format_options(options)}".strip(), answer.message)

    async def hears(self) -> Message:
        """The bot's next direct message."""
        return self.shown("recording", "(next)", await self.mika.next_bot_message())

    async def write(self, content: str, user: FakeUser | None = None) -> Message:
        """Write a line; the bot's answer."""
        user = user or self.mika
        await user.write(content)
        return self.shown("recording", content, await user.next_bot_message())

    async def forward(self, content: str, posted_at: datetime) -> Message:
        """Forward a message; the bot's answer."""
        await self.mika.forward(content, posted_at=posted_at)
        return self.shown("recording", f"(forwarded) {content}", await self.mika.next_bot_message())

    async def drop(self, name: str, data: bytes) -> Message:
        """Send a file; the bot's answer."""
        await self.mika.write(files=[(name, data)])
        return self.shown("recording", f"(file) {name}", await self.mika.next_bot_message())

    async def press(self, message: Message, end: str, *written: str) -> Message:
        """Press the first button whose custom id ends so, or has it before a value; if that opens a form, fill it in."""
        custom_id = next((each for each in buttons_by_id(message) if f":{end}:" in f"{each}:"), None)
        assert custom_id is not None, f"no button {end}: {text_of(message)} {list(buttons_by_id(message))}"
        answer = await self.mika.click_custom_id(message, custom_id)
        return await self._filled(message, answer, custom_id, *written)

    async def choose(self, message: Message, end: str, value: str, *written: str) -> Message:
        """Choose an option of the select whose custom id ends so; if that opens a form, fill it in."""
        select = next(each for each in selects_of(message) if each["custom_id"].endswith(f":{end}"))
        answer = await self.mika.select_values(message, select, [value])
        return await self._filled(message, answer, select["custom_id"], *written)

    async def _filled(self, message: Message, answer: InteractionResult, custom_id: str, *written: str) -> Message:
        feature, action = self.features.get(message.id, "recording"), normal(custom_id)
        if written:
            fields = [each for each in answer.modal["components"] if each["type"] == LABEL]
            shapes = " ".join("required" if each["component"]["required"] else "optional" for each in fields)
            self.seen.forms.add(f"{action} {shapes}")
            self.note(feature, action, format_form(answer.modal))
            answer = await self.mika.submit_modal(answer, *written)
            action = f"{action} ({'; '.join(written)})"
        return self.shown(feature, action, answer.message)

    async def move_to(self, instant: datetime) -> list[Message]:
        """Move the clock; the direct messages that the bot sent meanwhile."""
        self.mika.drain_bot_messages()
        before = len(self.behind.discord.requests)
        await self.hands.advance_to(instant)
        messages = self.mika.drain_bot_messages()
        as_sent = [
            Message(id=0, channel=self.mika.dm, author=self.behind.discord.state.bot, body=request.body)
            for request in self.behind.discord.requests[before:]
            if request.method == "POST" and str((request.body or {}).get("nonce", "")).startswith("nintei-")
        ]
        shapes = {shape_of_card(message): message for message in sorted([*as_sent, *messages], key=format_card)}
        for message in shapes.values():  # those that differ in names and figures alone are one card
            self.shown("reminders", f"(until {instant:%m-%d %H:%M})", message)
        return messages


def send_receipts_at_once(bot: RunningBot) -> None:
    """Send those of a message once all of it was handled: nobody writes a further one before they are there.

    `RECEIPT_WAIT` can be long then: however slow the machine, the receipts of one message share a card.
    """
    receipts = bot.client.dm_handler.receipts
    add = receipts.add

    async def add_and_send(member_id: MemberId, addition: ReceiptEntry | MessageHandled) -> None:
        await add(member_id, addition)
        if isinstance(addition, MessageHandled):
            await receipts.flush(member_id)

    receipts.add = add_and_send  # type: ignore[method-assign]


def shape_of_card(message: Message) -> str:
    """The words of a card without the names and figures in it."""
    return re.sub(r"\*\*.*?\*\*|<t:\d+:\w>| · \w+|\d+", "", format_card(message))


def format_options(options: dict[str, Any]) -> str:
    """The options of a command as a person sees them."""
    files = {name: value[0] for name, value in options.items() if isinstance(value, tuple)}
    shown = {name: getattr(value, "name", value) for name, value in options.items()}
    return " ".join(f"{name}:{value}" for name, value in (shown | files).items())


def buttons_by_id(message: Message) -> Iterator[str]:
    """The custom ids of the buttons of a message."""
    for each in walk_components(message.body.get("components", [])):
        if each.get("type") == BUTTON and "custom_id" in each:
            yield each["custom_id"]


def options_of(message: Message, end: str) -> list[str]:
    """The values of the select whose custom id ends so; none where there is no such select."""
    selects = [each for each in selects_of(message) if each["custom_id"].endswith(f":{end}")]
    return [option["value"] for select in selects for option in select["options"]]
