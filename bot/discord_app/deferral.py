"""Defers an interaction whose answer takes longer: Discord shows a failure when nothing came within three seconds."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import discord
import structlog

from bot.discord_app.request_errors import REQUEST_ERRORS

DEFER_AFTER_SECONDS: Final = 1.5
"""How long an answer may take before the interaction is deferred; the rest of the three seconds is for the way."""

ALREADY_ANSWERED_CODE: Final = 40060

log = structlog.get_logger()


class Deferral:
    """Defers the interaction once `DEFER_AFTER_SECONDS` of the block have passed without an answer.

    Whoever answers first holds `lock`, so that the answer and the deferral do not cross.
    """

    def __init__(self, interaction: discord.Interaction[Any], *, ephemeral: bool) -> None:
        self.lock = asyncio.Lock()
        self._interaction = interaction
        self._ephemeral = ephemeral
        self._acknowledged = False
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_done(self) -> bool:
        """Whether Discord has the answer or a deferral: whatever follows edits it or is a further message."""
        return self._acknowledged or self._interaction.response.is_done()

    def mark_acknowledged(self) -> None:
        """Discord says that the interaction was answered: another process deferred it, or a lost answer arrived."""
        self._acknowledged = True

    async def defer(self) -> None:
        """Defer now, unless there is an answer. Raises `discord.HTTPException` where Discord refuses."""
        async with self.lock:
            if not self.is_done:
                try:
                    await self._interaction.response.defer(ephemeral=self._ephemeral)
                except discord.HTTPException as error:
                    if error.code != ALREADY_ANSWERED_CODE:
                        raise
                    self.mark_acknowledged()

    async def __aenter__(self) -> Self:
        # Most answers are in time: only a late one costs a task.
        self._timer = asyncio.get_running_loop().call_later(DEFER_AFTER_SECONDS, self._defer_late)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _defer_late(self) -> None:
        self._task = asyncio.create_task(self._defer_or_log(), name=f"deferral-{self._interaction.id}")

    async def _defer_or_log(self) -> None:
        try:
            await self.defer()
        except REQUEST_ERRORS as error:
            log.warning("interaction_not_deferred", error_type=type(error).__name__)
