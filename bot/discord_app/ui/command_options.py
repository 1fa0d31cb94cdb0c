"""Options of commands: the member's own clients, threads and categories to choose from; editions."""

from collections.abc import Sequence
from typing import Final

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.translator import localized_text
from bot.discord_app.ui.formatting import format_label
from bot.domain.certification.editions import edition_names
from bot.domain.names import clean_title, title_key
from bot.domain.text import fold_kana
from bot.domain.types import MemberId

Choices = list[app_commands.Choice[str]]

MAX_CHOICES = 25
"""The most that Discord accepts."""


CLEAR_WORDS: Final = {"-", "none", "なし", "無し"}
"""Words that clear an evaluation, a client or a category."""


def parse_category(text: str) -> str:
    """A category as it is shown; empty for none, and for a word that clears it."""
    return "" if text.strip().casefold() in CLEAR_WORDS else clean_title(text)


def names_as_choices(names: Sequence[str]) -> Choices:
    """The first names as choices."""
    return [app_commands.Choice(name=format_label(name, 100), value=name[:100]) for name in names[:MAX_CHOICES]]


async def autocomplete_clients(interaction: Interaction, current: str) -> Choices:
    """The member's clients, the last used first."""
    return names_as_choices(
        await interaction.client.services.status.search_clients(MemberId(interaction.user.id), current)
    )


async def autocomplete_thread_titles(interaction: Interaction, current: str) -> Choices:
    """The titles of the threads with the client in the option `client`."""
    client = getattr(interaction.namespace, "client", "") or ""
    return names_as_choices(
        await interaction.client.services.status.search_titles(MemberId(interaction.user.id), current, client=client)
    )


async def autocomplete_job_categories(interaction: Interaction, current: str) -> Choices:
    """The categories the member has used."""
    names = await interaction.client.services.jobs.list_categories(MemberId(interaction.user.id))
    part = fold_kana(title_key(current))
    return names_as_choices([name for name in names if part in fold_kana(title_key(name))])


def edition_choices() -> list[app_commands.Choice[str]]:
    """The editions as choices of a command's option, the newest first."""
    return [
        app_commands.Choice(name=localized_text("edition-name", key=f"y{name}", year=name), value=name)
        for name in reversed(edition_names())
    ]
