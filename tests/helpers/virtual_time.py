"""An event loop whose time is counted instead of waited for."""

import asyncio
from selectors import DefaultSelector, SelectorKey


class _JumpingSelector(DefaultSelector):
    """Adds to `elapsed` what it is asked to wait, and returns at once."""

    elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        self.elapsed += max(timeout or 0.0, 0.0)
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop that starts at 0 seconds and jumps to the next timer when nothing else is to be done."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Return the seconds that were jumped over."""
        return self._jumping.elapsed
