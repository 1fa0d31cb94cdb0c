"""Closing what a test has opened, however the test ends: a database that stays open keeps the process from ending."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol, TypeVar


class Closable(Protocol):
    """A database, or a connection to one."""

    def close(self) -> Awaitable[None]:
        """Close it."""


_T = TypeVar("_T", bound=Closable)


class CloseLater:
    """Called with what was opened, and gives it back; it is closed when the test ends, the last one first."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    def __call__(self, opened: _T, /) -> _T:
        self._stack.push_async_callback(opened.close)
        return opened


@asynccontextmanager
async def closing(opened: _T) -> AsyncIterator[_T]:
    """Close it at the end of the block."""
    try:
        yield opened
    finally:
        await opened.close()
