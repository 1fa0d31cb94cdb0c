"""A clock that stands still until it is moved forward; the bot in a rehearsal follows it."""

import asyncio
from datetime import UTC, datetime, timedelta


class ManualClock:
    """Satisfies bot.clock.Clock."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._waiting: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The instant it stands at, in UTC."""
        return self._now

    async def wait_until(self, instant: datetime) -> None:
        """Return once it has been moved to `instant` or past it."""
        if instant <= self._now:
            return
        moved = asyncio.get_running_loop().create_future()
        entry = (instant, moved)
        self._waiting.append(entry)
        try:
            await moved
        finally:
            self._waiting.remove(entry)

    def advance(self, delta: timedelta) -> None:
        """Move it forward."""
        self.advance_to(self._now + delta)

    def advance_to(self, instant: datetime) -> None:
        """Move it forward to an instant; backwards is an error."""
        if instant < self._now:
            raise ValueError(instant)
        self._now = instant.astimezone(UTC)
        for due, moved in self._waiting:
            if due <= self._now and not moved.done():
                moved.set_result(None)
