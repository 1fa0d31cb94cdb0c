"""Registers the functions that handle presses. Features register theirs with `@on`; this module knows none of them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import discord

from bot.discord_app.client import InteractionRejectedError
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.ui.components import Action, Press, PressHandler, Target, press_handlers
from bot.errors import NotAllowedError

Handler = Callable[[InteractionContext, Press], Awaitable[None]]


def on(target: Target, *actions: Action) -> Callable[[Handler], Handler]:
    """Register a function for actions on a target.

    The function must check, where it reads the target's row, that the row is the member's. Raises `ValueError` when an
    action has a handler already.
    """

    def register(handler: Handler) -> Handler:
        for action in actions:
            if press_handlers[target, action] is not _UNKNOWN:
                raise ValueError(target, action)
            press_handlers[target, action] = _with_context(handler)
        return handler

    return register


def _with_context(handler: Handler) -> PressHandler:
    async def handle(interaction: discord.Interaction[Any], press: Press) -> None:
        with suppress(InteractionRejectedError):
            async with interaction_context(interaction) as ctx:
                await handler(ctx, press)

    return handle


async def refuse_unknown(ctx: InteractionContext, press: Press) -> None:
    """Answer a press that means nothing: of an older version, or forged."""
    del ctx, press
    raise NotAllowedError("button-unknown")


_UNKNOWN = _with_context(refuse_unknown)
press_handlers.update({(target, action): _UNKNOWN for target in Target for action in Action})
