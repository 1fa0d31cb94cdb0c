"""What the page asks of whoever started it."""

from datetime import datetime
from typing import Protocol


class ClockControl(Protocol):
    """Moves the clock, and knows the bot well enough to tell when everything due has happened."""

    async def next_due(self) -> datetime | None:
        """When the next reminder goes out."""

    async def advance_to(self, instant: datetime) -> None:
        """Let the time pass; return once everything that was due on the way has happened."""
