"""The forms: one or two fields, closed after a while, since a form that is dismissed tells nobody."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Any, Final

import discord
from discord import ui

from bot.chat.client import Interaction, TurnedAwayError, typed
from bot.chat.words import plain
from bot.i18n.translations import Translations
from bot.parsing.times.resolver import format_time

TEN_MINUTES: Final = 600.0

Submit = Callable[[Interaction, tuple[str, ...]], Awaitable[None]]


class Form(ui.Modal):
    """Asks for `fields` (label, what stands in it, placeholder, required), and hands over what was written."""

    def __init__(self, title: str, fields: list[tuple[str, str | None, str | None, bool]], submit: Submit) -> None:
        super().__init__(title=plain(title, 45), timeout=TEN_MINUTES)
        self._submit = submit
        self._inputs: list[ui.TextInput[Form]] = []
        for label, default, placeholder, required in fields:
            field: ui.TextInput[Form] = ui.TextInput(
                default=default, placeholder=placeholder and plain(placeholder, 100), required=required, max_length=200
            )
            self._inputs.append(field)
            self.add_item(ui.Label(text=plain(label, 45), component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Somebody sent it."""
        with suppress(TurnedAwayError):
            await self._submit(typed(interaction), tuple(field.value.strip() for field in self._inputs))


def time_form(texts: Translations, submit: Submit, at: datetime, zone: tzinfo) -> Form:
    """When was it? `at` stands in it, to be changed where it is wrong."""
    written = format_time(at, zone)
    return Form(texts("form-time"), [(texts("form-time-field"), written, texts("form-time-example"), True)], submit)


def client_form(texts: Translations, submit: Submit, *, client: str | None, title: str | None = None) -> Form:
    """Who, and for which job?"""
    return Form(
        texts("form-client"),
        [
            (texts("form-client-field"), client, texts("form-client-example"), True),
            (texts("form-title-field"), title, texts("form-title-example"), False),
        ],
        submit,
    )


def setting_form(texts: Translations, submit: Submit, setting: str, default: str) -> Form:
    """One setting, with its present value."""
    return Form(
        texts(f"preference-{setting}"),
        [(texts(f"preference-{setting}"), default or None, texts(f"preference-{setting}-example"), False)],
        submit,
    )
