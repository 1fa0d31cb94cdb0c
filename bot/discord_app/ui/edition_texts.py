"""The editions as members read them: a name and one sentence each."""

from discord import app_commands

from bot.discord_app.translator import localized_text
from bot.domain.certification.editions import edition_names
from bot.domain.types import Edition
from bot.i18n.translations import Translations


def edition_name(texts: Translations, name: Edition) -> str:
    """The name of an edition, for example "Today's rules (2024 on)"."""
    return texts("edition-name", key=f"y{name}", year=name)


def edition_about(texts: Translations, name: Edition) -> str:
    """What an edition asks for, in one sentence."""
    return texts("edition-about", key=f"y{name}", year=name)


def edition_choices() -> list[app_commands.Choice[str]]:
    """The editions as choices of a command's option, the newest first."""
    return [
        app_commands.Choice(name=localized_text("edition-name", key=f"y{name}", year=name), value=name)
        for name in reversed(edition_names())
    ]
