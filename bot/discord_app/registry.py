"""Registers the functions that handle commands, presses and forms: each gets the context of the interaction.

Features register theirs with `@command`, `@on` and `@on_submit`; this module knows none of them.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

import discord
from discord import app_commands

from bot.discord_app.client import Interaction, InteractionRejectedError
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.translator import localize_options, localized_text
from bot.discord_app.ui.components import Press, PressHandler, form_handlers, press_handlers
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.text import without_invisible
from bot.errors import NotAllowedError

Handler = Callable[[InteractionContext, Press], Awaitable[None]]

MAX_OPTION_NUMBER: Final = 2**53
"""Discord's largest value of an option that is a number."""

P = ParamSpec("P")
CommandHandler = Callable[Concatenate[InteractionContext, P], Coroutine[Any, Any, None]]


def command(
    name: str, group: app_commands.Group | None = None, **description_ids: str
) -> Callable[[CommandHandler[P]], app_commands.Command[Any, P, None]]:
    """Make a command of a function, whose further parameters are the options.

    It is described by the text `command-NAME`, in a group by `command-GROUP-NAME`. `description_ids`: as for
    `localize_options`.
    """

    def register(handler: CommandHandler[P]) -> app_commands.Command[Any, P, None]:
        @localize_options(**description_ids)
        @wraps(handler)
        async def run(interaction: Interaction, /, *args: P.args, **options: P.kwargs) -> None:
            if not all(is_declared_value(parameter, options[parameter.name]) for parameter in registered.parameters):
                raise app_commands.CommandSignatureMismatch(registered)
            for option, value in options.items():
                if isinstance(value, str):
                    options[option] = without_invisible(value)
            async with interaction_context(interaction) as ctx:
                await handler(ctx, *args, **options)

        description = localized_text(f"command-{name}" if group is None else f"command-{group.name}-{name}")
        declare = app_commands.command if group is None else group.command
        registered: app_commands.Command[Any, P, None] = declare(name=name, description=description)(run)
        return registered

    return register


OPTION_TYPES: Final[Mapping[discord.AppCommandOptionType, tuple[type, ...]]] = {
    discord.AppCommandOptionType.string: (str,),
    discord.AppCommandOptionType.integer: (int,),
    discord.AppCommandOptionType.number: (int, float),
    discord.AppCommandOptionType.boolean: (bool,),
    discord.AppCommandOptionType.channel: (app_commands.AppCommandChannel,),
    discord.AppCommandOptionType.attachment: (discord.Attachment,),
}


def is_declared_value(parameter: app_commands.Parameter, value: object) -> bool:
    """Whether an option has a value that its command declares: Discord may still have commands of another version."""
    if value is None:
        return not parameter.required
    if not isinstance(value, OPTION_TYPES[parameter.type]):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        least, most = parameter.min_value, parameter.max_value
        return abs(value) <= MAX_OPTION_NUMBER and (least is None or value >= least) and (most is None or value <= most)
    return not parameter.choices or value in [choice.value for choice in parameter.choices]


def on(target: Target, *actions: Action) -> Callable[[Handler], Handler]:
    """Register a function for actions on a target.

    The function must check, where it reads the target's row, that the row is the member's. Raises `ValueError` when an
    action has a handler already.
    """

    def register(handler: Handler) -> Handler:
        for action in actions:
            if press_handlers[target, action] is not _UNKNOWN:
                raise ValueError(target, action)
            press_handlers[target, action] = _with_interaction_context(handler)
        return handler

    return register


def on_submit(target: Target, *actions: Action, fields: int | tuple[int, ...] = 1) -> Callable[[Handler], Handler]:
    """Register a function for the forms of actions on a target: it gets a press with the values of `fields` fields.

    `fields`: how many a form has, or each number that it may have.

    As for `on`, the function must check that the target's row is the member's.
    """

    def register(handler: Handler) -> Handler:
        async def check_and_handle(ctx: InteractionContext, press: Press) -> None:
            if len(press.values) not in ((fields,) if isinstance(fields, int) else fields):
                raise NotAllowedError("button-unknown")
            await handler(ctx, press)

        for action in actions:
            if form_handlers[target, action] is not _UNKNOWN_FORM:
                raise ValueError(target, action)
            form_handlers[target, action] = _with_interaction_context(check_and_handle, is_form=True)
        return handler

    return register


def _with_interaction_context(handler: Handler, *, is_form: bool = False) -> PressHandler:
    async def run(interaction: discord.Interaction[Any], press: Press) -> None:
        with suppress(InteractionRejectedError):
            async with interaction_context(interaction, typed=press.values if is_form else ()) as ctx:
                await handler(ctx, press)

    return run


async def refuse_unknown_press(_ctx: InteractionContext, _press: Press) -> None:
    """Answer a press that means nothing: of an older version, or forged."""
    raise NotAllowedError("button-unknown")


_UNKNOWN = _with_interaction_context(refuse_unknown_press)
press_handlers.update({(target, action): _UNKNOWN for target in Target for action in Action})


async def refuse_unknown_form(_ctx: InteractionContext, _press: Press) -> None:
    """Answer a form of an older version, or a forged one."""
    raise NotAllowedError("form-unknown")


_UNKNOWN_FORM = _with_interaction_context(refuse_unknown_form, is_form=True)
form_handlers.update({(target, action): _UNKNOWN_FORM for target in Target for action in Action})
