"""Descriptions, options and choices of commands in the member's language; command names stay English."""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.i18n.translations import get_translations

CallbackT = TypeVar("CallbackT", bound=Callable[..., Any])


def localized(message_id: str) -> app_commands.locale_str:
    """A text by its id: English by default, Japanese in a Japanese app."""
    return app_commands.locale_str(get_translations("en")(message_id), text=message_id)


def localize_options(**description_ids: str) -> Callable[[CallbackT], CallbackT]:
    """Localize the options of a command: an option's name is its text `option-…`, its description the given text."""

    def decorate(callback: CallbackT) -> CallbackT:
        names = {option: localized(f"option-{option.replace('_', '-')}") for option in description_ids}
        descriptions = {option: localized(text_id) for option, text_id in description_ids.items()}
        return app_commands.describe(**descriptions)(app_commands.rename(**names)(callback))

    return decorate


class FluentTranslator(app_commands.Translator):
    """Translates commands with the texts of `bot.i18n`."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The Japanese of a `localized` text; None for any other language or text."""
        del context
        message_id = string.extras.get("text")
        return (
            get_translations("ja")(message_id) if message_id is not None and locale is discord.Locale.japanese else None
        )
