"""The member whose cards are in docs/pictures: she has a year of history, and the clock moves only when told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.cli.demo.environment import DEMO_START, DemoEnvironment
from bot.fake_discord.page.actions import ClockControl
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, buttons_of, selects_of
from bot.i18n.translations import Translations

EXCHANGES = 14
LATE = {5, 11}
JOBS = (
    ("2026/2/10", "150,000", "5"), ("2026/4/2", "98,000", "5"), ("2026/6/18", "240,000", "4"), ("2026/8/5", "120,000", "5"),
    ("2026/9/27", "310,000", "5"), ("2026/11/9", "85,000", "5"),
)  # fmt: skip


@dataclass
class Scene:
    """The rehearsal with its first user, Mika, and the control of its clock."""

    behind: DemoEnvironment
    clock_control: ClockControl
    texts: Translations

    @property
    def mika(self) -> FakeUser:
        return self.behind.users[0]

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """A time of the first day, or of another one."""
        return DEMO_START.replace(hour=hour, minute=minute) + timedelta(days=days)

    async def use(self, name: str, **options: Any) -> Message:
        """Use a command; the bot's answer."""
        return (await self.mika.command(name, **options)).message

    async def forward(self, content: str, posted_at: datetime) -> Message:
        """Forward a message; the bot's answer."""
        await self.mika.forward(content, posted_at=posted_at)
        return await self.mika.next_bot_message()

    async def last_message_until(self, instant: datetime) -> Message:
        """Move the clock; the last direct message that the bot sent meanwhile."""
        self.mika.drain_bot_messages()
        await self.clock_control.advance_to(instant)
        return self.mika.drain_bot_messages()[-1]

    async def prepare(self) -> None:
        """Give Mika a year of replies, two of them late, and some jobs."""
        imported = await self.use("import", file=("history.csv", self._history().encode()))
        for label in list(buttons_of(imported))[:1]:
            await self.mika.click(imported, label)
        category = "Web"
        for day, reward, stars in JOBS:
            given = {"method": "project", "reward": reward, "date": day, "category": category, "evaluation": stars}
            await self.use("job add", **given)
        await self.use("goal", category=category, line="950,000")
        card = await self.use("profile", last_login="2026/11/20")
        [items, *_] = selects_of(card)
        await self.mika.select_values(card, items, [each["value"] for each in items["options"]][:7])

    def _history(self) -> str:
        rows = ["thread,direction,sent_at"]
        for number in range(EXCHANGES):
            asked = DEMO_START - timedelta(days=340 - 25 * number, hours=number % 5)
            replied = asked + timedelta(hours=30 if number in LATE else 1 + number % 9)
            thread = f"{self.texts('rehearse-client')} {number % 7 + 1}"
            rows += [f"{thread},received,{asked.isoformat()}", f"{thread},sent,{replied.isoformat()}"]
        return "\n".join(rows)
