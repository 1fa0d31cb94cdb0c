"""A clock that stands still until it is advanced, for tests and the demo."""

import asyncio
from datetime import UTC, datetime, timedelta


class ManualClock:
    """Implements `bot.clock.Clock`."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._waiters: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return self._now

    async def wait_until(self, instant: datetime) -> None:
        """Return once the clock has reached an instant."""
        if instant <= self._now:
            return
        reached = asyncio.get_running_loop().create_future()
        entry = (instant, reached)
        self._waiters.append(entry)
        try:
            await reached
        finally:
            self._waiters.remove(entry)

    def advance(self, delta: timedelta) -> None:
        """Advance by a duration."""
        self.advance_to(self._now + delta)

    def advance_to(self, instant: datetime) -> None:
        """Advance to an instant. Raises `ValueError` when it is in the past."""
        if instant < self._now:
            raise ValueError(instant)
        self._now = instant.astimezone(UTC)
        for due, reached in self._waiters:
            if due <= self._now and not reached.done():
                reached.set_result(None)
