"""What the page needs of the program that serves it."""

from datetime import datetime
from typing import Protocol


class ClockControl(Protocol):
    """Advances the clock, and waits until the bot has done everything that was due."""

    async def next_due(self) -> datetime | None:
        """Return when the next reminder is due; None: no reminder is planned."""

    async def advance_to(self, instant: datetime) -> None:
        """Advance the clock; return once everything that was due by then was done."""
