"""Moves the rehearsal's clock; the bot does on the way what is due."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.app import Running
from bot.fake_discord.clock import ManualClock


class Hands:
    """Satisfies bot.fake_discord.page.clock_control.Hands."""

    def __init__(self, clock: ManualClock, bot: Running) -> None:
        self._clock = clock
        self._bot = bot

    async def next_due(self) -> datetime | None:
        """When the next reminder goes out."""
        return await self._bot.dispatcher.next_due()

    async def move_to(self, instant: datetime) -> None:
        """Let the time pass; return once everything that was due on the way has happened."""
        await self._bot.connection.listener.receipts.flush()  # they speak of now
        async for _ in self.stops(instant):
            pass

    async def stops(self, instant: datetime) -> AsyncIterator[None]:
        """The same, with a stop wherever something was due, and at the end."""
        while (due := await self.next_due()) is not None and due < instant:
            await self._stop_at(max(due, self._clock.now() + timedelta(seconds=1)))
            yield
        await self._stop_at(instant)
        yield

    async def _stop_at(self, instant: datetime) -> None:
        self._clock.advance_to(max(instant, self._clock.now()))
        await self._bot.dispatcher.wait_idle()
        await self._bot.rounds.wait_idle()
