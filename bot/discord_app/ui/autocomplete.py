"""Autocompletes over the member's own clients, threads and categories."""

from collections.abc import Sequence

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.ui.formatting import truncate_label
from bot.domain.names import title_key
from bot.domain.text import fold_kana
from bot.domain.types import MemberId
from bot.services.status import StatusQueries

Choices = list[app_commands.Choice[str]]

MAX_CHOICES = 25
"""Discord shows no more."""


def to_choices(names: Sequence[str]) -> Choices:
    """The first of some names."""
    return [app_commands.Choice(name=truncate_label(name, 100), value=name[:100]) for name in names[:MAX_CHOICES]]


async def autocomplete_clients(interaction: Interaction, current: str) -> Choices:
    """The member's clients, the last used first."""
    return to_choices(await _status_queries(interaction).clients(MemberId(interaction.user.id), current))


async def autocomplete_titles(interaction: Interaction, current: str) -> Choices:
    """The threads with the client that is named beside."""
    client = getattr(interaction.namespace, "client", "") or ""
    return to_choices(await _status_queries(interaction).titles(MemberId(interaction.user.id), current, client=client))


async def autocomplete_categories(interaction: Interaction, current: str) -> Choices:
    """The categories the member has used."""
    known = await interaction.client.services.jobs.categories(MemberId(interaction.user.id))
    wanted = fold_kana(title_key(current))
    return to_choices([each for each in known if wanted in fold_kana(title_key(each))])


def _status_queries(interaction: Interaction) -> StatusQueries:
    return interaction.client.services.status
