"""What members do while the bot is killed: forward, answer, snooze, undo, edit. Reminders fall due within seconds."""

import asyncio
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, InteractionResult, InvalidUserActionError, buttons_of, selects_of
from tests.helpers.wording import says, shows

LEADS = (timedelta(), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
"""None: the window closes; the others are the operator's default lead times."""

WINDOW = timedelta(hours=24)
RECORD = re.compile(r"press:message:(\d+):")
THREAD = re.compile(r"press:thread:(\d+):now")


def ids(pattern: re.Pattern[str], message: Message) -> set[int]:
    """The rows that a message's buttons speak of."""
    return {int(found[1]) for custom_id in _custom_ids(message) if (found := pattern.match(custom_id))}


def _custom_ids(message: Message) -> list[str]:
    from bot.fake_discord.validation import walk  # noqa: PLC0415 — only here

    there = list(walk(message.body.get("components", [])))
    return [each["custom_id"] for each in there if "custom_id" in each] + [
        f"press:{option['value'].replace('-', ':')}:look"
        for each in there
        if str(each.get("custom_id")).startswith("choose:gathered:")
        for option in each["options"]
    ]


@dataclass
class Member:
    """One person, and what the bot has acknowledged to them."""

    person: FakeUser
    choices: random.Random
    forwarded: set[int] = field(default_factory=set)
    """The originals that were forwarded: each must be recorded in the end."""
    undone: set[int] = field(default_factory=set)
    """Records whose undoing was acknowledged."""
    perhaps_undone: set[int] = field(default_factory=set)
    """Records whose undoing was asked for, and the bot died before it answered."""
    replied: set[int] = field(default_factory=set)
    """Records of button presses that were acknowledged."""
    pressed: int = 0
    """Presses that were answered."""

    @property
    def acknowledged(self) -> set[int]:
        """Every record that a receipt spoke of, those that were undone apart."""
        shown: set[int] = set()
        for message in self.person.can_see():
            shown |= ids(RECORD, message)
        return (shown | self.replied) - self.undone - self.perhaps_undone

    def reminders(self) -> list[Message]:
        """The reminders that came."""
        return [each for each in self.person.bot_messages() if ids(THREAD, each)]

    async def live(self) -> None:
        """Do one thing after the other until the bot dies."""
        while True:
            try:
                await self._act()
            except (InvalidUserActionError, TimeoutError):
                pass
            await asyncio.sleep(self.choices.uniform(0, 0.15))

    async def _act(self) -> None:
        match self.choices.choices(["forward", "reminder", "receipt", "command"], [5, 4, 3, 1])[0]:
            case "forward":
                await self._forward()
            case "reminder":
                await self._answer_reminder()
            case "receipt":
                await self._put_right()
            case _:
                await self.person.command(self.choices.choice(["status", "pending", "history"]))

    async def _forward(self) -> None:
        due_in = timedelta(seconds=self.choices.uniform(0.3, 5))
        posted_at = datetime.now(UTC) - WINDOW + self.choices.choice(LEADS) + due_in
        message = await self.person.forward("本文", posted_at=posted_at)
        self.forwarded.add(int(message.body["message_reference"]["message_id"]))

    async def _answer_reminder(self) -> None:
        reminders = self.reminders()
        if not reminders:
            return
        message = self.choices.choice(reminders[-6:])
        wanted = self.choices.choice(["now", "ten-ago", "dismiss", "new-thread", "later"])
        buttons = [each for each in _custom_ids(message) if each.endswith(f":{wanted}")]
        if not buttons:
            return
        answer = await self.person.click_custom_id(message, self.choices.choice(buttons))
        self.pressed += 1
        self.replied |= self._recorded(answer)

    def _recorded(self, answer: InteractionResult) -> set[int]:
        return set() if answer.interaction.original is None else ids(RECORD, answer.message)

    async def _put_right(self) -> None:
        receipts = [each for each in self.person.can_see() if ids(RECORD, each)]
        if not receipts:
            return
        message = self.choices.choice(receipts[-8:])
        if gathered := [each for each in selects_of(message) if each["custom_id"].startswith("choose:gathered:")]:
            label = self.choices.choice(gathered[0]["options"])["label"]
            message = (await self.person.select_option(message, label)).message
            if not ids(RECORD, message):  # it was undone before
                return
        [number, *_] = ids(RECORD, message)
        if self.choices.random() < 0.5:
            label = says("action-undo")
            if label not in buttons_of(message):
                return
            # Asked for before, it may have been done by one that died before it said so.
            unsure = number in self.perhaps_undone
            self.perhaps_undone.add(number)
            answer = await self.person.click(message, label)
            self.pressed += 1
            if shows(answer.text, "receipt-undone"):
                self.undone.add(number)
            if not unsure or number in self.undone:
                self.perhaps_undone.discard(number)
        elif (wrong_time := says("action-time")) in buttons_of(message):
            form = await self.person.click(message, wrong_time)
            if form.kind == 9:
                await self.person.submit_modal(form, f"{self.choices.randint(1, 20)}時間前")
                self.pressed += 1


def mentions(message: Message) -> set[int]:
    """The threads that a reminder speaks of."""
    return ids(THREAD, message)
