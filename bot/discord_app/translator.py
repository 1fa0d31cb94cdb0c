"""Descriptions, options and choices of commands in the member's language; command names stay English."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.i18n.translations import get_translations

CallbackT = TypeVar("CallbackT", bound=Callable[..., Any])


def localized_text(message_id: str, **arguments: str) -> app_commands.locale_str:
    """A text by its id: English by default, Japanese in a Japanese app."""
    return app_commands.locale_str(
        get_translations("en")(message_id, **arguments), text=message_id, arguments=arguments
    )


def localize_options(**description_ids: str) -> Callable[[CallbackT], CallbackT]:
    """Localize the options of a command: `a_b` by the texts `option-a-b` and, unless another is given, `…-about`.

    `_` at the end of a name, as Python wants it after a keyword, is not part of it.
    """

    def decorate(callback: CallbackT) -> CallbackT:
        _, *options = inspect.signature(callback).parameters  # the first is the context
        ids = {option: f"option-{option.rstrip('_')}" for option in options}
        names = {option: localized_text(text_id) for option, text_id in ids.items()}
        descriptions = {
            option: localized_text(description_ids.get(option, f"{ids[option]}-about")) for option in options
        }
        return app_commands.describe(**descriptions)(app_commands.rename(**names)(callback))

    return decorate


def localized_choices(text_ids: Mapping[str, str]) -> list[app_commands.Choice[str]]:
    """The choices of an option: its values, each with the id of its text."""
    return [app_commands.Choice(name=localized_text(text_id), value=str(value)) for value, text_id in text_ids.items()]


class FluentTranslator(app_commands.Translator):
    """Translates commands with the texts of `bot.i18n`."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The Japanese of a `localized_text`; None for any other language or text."""
        del context
        message_id = string.extras.get("text")
        if message_id is None or locale is not discord.Locale.japanese:
            return None
        return get_translations("ja")(message_id, **string.extras["arguments"])
