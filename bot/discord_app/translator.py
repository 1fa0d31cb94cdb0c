"""Descriptions, options and choices of commands in the member's language; command names stay English."""

import discord
from discord import app_commands

from bot.i18n.translations import get_translations


def localized(message_id: str) -> app_commands.locale_str:
    """A text by its id: English by default, Japanese in a Japanese app."""
    return app_commands.locale_str(get_translations("en")(message_id), text=message_id)


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
