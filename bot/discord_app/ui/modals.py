"""Forms of one or two fields. They end after a while, since Discord does not tell when one is dismissed."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Any, Final

import discord
from discord import ui

from bot.discord_app.client import InteractionRejectedError
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.ui.formatting import truncate_label
from bot.i18n.translations import Translations
from bot.parsing.times.resolver import format_time

MODAL_TIMEOUT_SECONDS: Final = 600.0

SubmitCallback = Callable[[InteractionContext, tuple[str, ...]], Awaitable[None]]


class InputModal(ui.Modal):
    """Asks for `fields` (label, default, placeholder, required), and calls `submit` with the values."""

    def __init__(
        self, title: str, fields: list[tuple[str, str | None, str | None, bool]], submit: SubmitCallback
    ) -> None:
        super().__init__(title=truncate_label(title, 45), timeout=MODAL_TIMEOUT_SECONDS)
        self._submit = submit
        self._inputs: list[ui.TextInput[InputModal]] = []
        for label, default, placeholder, required in fields:
            field: ui.TextInput[InputModal] = ui.TextInput(
                default=default,
                placeholder=placeholder and truncate_label(placeholder, 100),
                required=required,
                max_length=200,
            )
            self._inputs.append(field)
            self.add_item(ui.Label(text=truncate_label(label, 45), component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Run `submit` in the context of the interaction."""
        with suppress(InteractionRejectedError):
            async with interaction_context(interaction) as ctx:
                await self._submit(ctx, tuple(field.value.strip() for field in self._inputs))


def time_modal(texts: Translations, submit: SubmitCallback, at: datetime, zone: tzinfo) -> InputModal:
    """Asks for a time; `at` is the default."""
    default = format_time(at, zone)
    return InputModal(
        texts("form-time"), [(texts("form-time-field"), default, texts("form-time-example"), True)], submit
    )


def client_modal(
    texts: Translations, submit: SubmitCallback, *, client: str | None, title: str | None = None
) -> InputModal:
    """Asks for the client's name and the thread's title."""
    return InputModal(
        texts("form-client"),
        [
            (texts("form-client-field"), client, texts("form-client-example"), True),
            (texts("form-title-field"), title, texts("form-title-example"), False),
        ],
        submit,
    )


def setting_modal(texts: Translations, submit: SubmitCallback, setting: str, default: str) -> InputModal:
    """Asks for one setting, with its present value as the default."""
    return InputModal(
        texts(f"preference-{setting}"),
        [(texts(f"preference-{setting}"), default or None, texts(f"preference-{setting}-example"), False)],
        submit,
    )
