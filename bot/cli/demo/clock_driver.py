"""Moves the rehearsal's clock while the bot sends what falls due."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.app import RunningBot
from bot.fake_discord.clock import ManualClock


class ClockDriver:
    """Implements `bot.fake_discord.page.actions.ClockControl`."""

    def __init__(self, clock: ManualClock, bot: RunningBot) -> None:
        self._clock = clock
        self._bot = bot

    async def next_due(self) -> datetime | None:
        """When the next reminder is due; None without one."""
        return await self._bot.dispatcher.next_due()

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock; return once everything due until then has been sent."""
        await self._bot.client.dm_handler.receipts.flush()  # receipts that wait belong to the present
        async for _ in self.advance_stepwise(instant):
            pass

    async def advance_stepwise(self, instant: datetime) -> AsyncIterator[None]:
        """As `advance_to`; yields after each instant at which something was due, and at the end."""
        while (due := await self.next_due()) is not None and due < instant:
            await self._advance_and_wait_idle(max(due, self._clock.now() + timedelta(seconds=1)))
            yield
        await self._advance_and_wait_idle(instant)
        yield

    async def _advance_and_wait_idle(self, instant: datetime) -> None:
        self._clock.advance_to(max(instant, self._clock.now()))
        await self._bot.dispatcher.wait_idle()
        await self._bot.periodic_tasks.wait_idle()
        await self._bot.card_updates.wait_idle()
