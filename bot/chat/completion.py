"""What options complete over: the member's own clients, threads and categories."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.chat.client import NinteiClient, typed
from bot.chat.words import plain
from bot.domain.names import fold_kana, title_key
from bot.domain.types import MemberId
from bot.services.status import StatusQueries

Ask = discord.Interaction[NinteiClient]
Choices = list[app_commands.Choice[str]]

OFFERED = 25
"""What Discord shows of a completion."""


def choices_of(names: Sequence[str]) -> Choices:
    """The first of some names."""
    return [app_commands.Choice(name=plain(name, 100), value=name[:100]) for name in names[:OFFERED]]


async def clients(interaction: Ask, typed_text: str) -> Choices:
    """The member's clients, the last used first."""
    return choices_of(await _observer(interaction).clients(MemberId(interaction.user.id), typed_text))


async def titles(interaction: Ask, typed_text: str) -> Choices:
    """The threads with the client that is named beside."""
    client = getattr(interaction.namespace, "client", "") or ""
    return choices_of(await _observer(interaction).titles(MemberId(interaction.user.id), typed_text, client=client))


async def categories(interaction: Ask, typed_text: str) -> Choices:
    """The categories the member has used."""
    known = await typed(interaction).client.services.jobs.categories(MemberId(interaction.user.id))
    wanted = fold_kana(title_key(typed_text))
    return choices_of([each for each in known if wanted in fold_kana(title_key(each))])


def _observer(interaction: Ask) -> StatusQueries:
    return typed(interaction).client.services.status
