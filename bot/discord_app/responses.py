"""Answers to interactions: each is tried again as long as Discord takes one, and one that is late is deferred."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from itertools import chain, repeat
from typing import Any, Final, Self, TypeVar

import aiohttp
import discord
import structlog

from bot.discord_app.request_errors import (
    CONNECTION_ERRORS,
    REQUEST_ERRORS,
    UNPARSABLE_RESPONSE_ERRORS,
    error_if_possible_bug,
    retry_after_of_error,
)
from bot.discord_app.timeouts import is_event_set_within

_T = TypeVar("_T")

DEFER_AFTER_SECONDS: Final = 1.5
"""How long an answer may take before the interaction is deferred; the rest of the three seconds is for the way."""

ALREADY_ANSWERED_CODE: Final = 40060

log = structlog.get_logger()


class AnswerLostError(aiohttp.ClientError):
    """Every try to answer an interaction failed, or one whose repetition would show the answer twice."""


async def respond_with_retry(
    interaction: discord.Interaction[Any], send: Callable[[], Awaitable[_T]], *, is_further_message: bool = False
) -> _T | None:
    """Answer, again where the connection failed or Discord is busy, until it takes no answer any more or the bot stops.

    `is_further_message`: Discord would show each of several that arrive, so one that may have arrived is sent once more
    at the most. None: Discord has the answer, but how it confirmed it was lost: it refuses the second one. Raises
    `AnswerLostError`, and `discord.HTTPException` where Discord refuses the answer.
    """
    is_first, may_have_arrived, is_last = not interaction.response.is_done(), False, False
    timeouts = interaction.client.sender.timeouts
    clock = asyncio.get_running_loop().time
    age = max(interaction.client.clock.now() - interaction.created_at, timedelta())
    ends_at = clock() + timeouts.response_token - age.total_seconds()
    failure: Exception
    for pause in chain(timeouts.response_retry_pauses, repeat(timeouts.response_retry_pauses[-1])):
        had_arrived = may_have_arrived
        try:
            async with asyncio.timeout(timeouts.response):
                return await send()
        except discord.HTTPException as error:
            if is_first and may_have_arrived and error.code == ALREADY_ANSWERED_CODE:
                return None
            if not is_temporary_discord_error(error):
                raise
            may_have_arrived |= error.status != HTTPStatus.TOO_MANY_REQUESTS
            asked_wait = retry_after_of_error(error) or timedelta()
            seconds, failure = max(pause, asked_wait.total_seconds()), error
        except (*CONNECTION_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            if is_first:
                interaction.response._response_type = None  # noqa: SLF001 — what cannot be read confirms nothing
            if had_arrived and isinstance(error, UNPARSABLE_RESPONSE_ERRORS):
                raise
            may_have_arrived = True
            seconds, failure = pause, error
        is_doubled = is_further_message and had_arrived
        if is_last or is_doubled or clock() + seconds >= ends_at:
            raise AnswerLostError from failure
        is_last = await is_event_set_within(interaction.client.stopping, seconds)
        status = getattr(failure, "status", None)
        log.info(
            "response_retried",
            error_type=type(failure).__name__,
            status=status,
            exc_info=error_if_possible_bug(failure),
        )
    raise AssertionError


def is_temporary_discord_error(error: discord.HTTPException) -> bool:
    """Whether Discord may take the same request later."""
    return error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR


class Deferral:
    """Defers the interaction once `DEFER_AFTER_SECONDS` of the block have passed without an answer.

    Whoever answers first holds `lock`, so that the answer and the deferral do not cross.
    """

    def __init__(self, interaction: discord.Interaction[Any], *, ephemeral: bool) -> None:
        self.lock = asyncio.Lock()
        self.has_placeholder = False
        """Whether the member sees that the bot is thinking, in a message that the answer takes the place of."""
        self.answer_card: discord.ui.LayoutView | None = None
        """The last card with which the interaction was to be answered."""
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
        """Defer now, unless there is an answer. Raises `REQUEST_ERRORS` where Discord refuses."""
        async with self.lock:
            if self.is_done:
                return
            response = self._interaction.response
            try:
                await respond_with_retry(self._interaction, lambda: response.defer(ephemeral=self._ephemeral))
            except discord.HTTPException as error:
                if error.code != ALREADY_ANSWERED_CODE:
                    raise
            else:
                self.has_placeholder = self._interaction.type is discord.InteractionType.application_command
            self.mark_acknowledged()

    async def __aenter__(self) -> Self:
        # Most answers are in time: only a late one costs a task.
        self._timer = asyncio.get_running_loop().call_later(DEFER_AFTER_SECONDS, self._defer_late)
        return self

    async def __aexit__(self, *_error: object) -> None:
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
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.warning(
                "interaction_not_deferred", error_type=type(error).__name__, exc_info=error_if_possible_bug(error)
            )
