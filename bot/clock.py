"""What time it is, and waiting until an instant: the system's clock, or a rehearsal's that is moved by hand."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """`app` chooses one; nobody else asks the machine for the time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    async def wait_until(self, instant: datetime) -> None:
        """Return once the clock stands at `instant` or later, however it came there."""
