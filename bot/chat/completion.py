"""What options complete over: the member's own clients, threads and categories."""

import discord
from discord import app_commands

from bot.chat.client import NinteiClient, typed
from bot.chat.words import plain
from bot.intake.names import client_key, title_key
from bot.values import MemberId

Ask = discord.Interaction[NinteiClient]
Choices = list[app_commands.Choice[str]]

OFFERED = 25
"""What Discord shows of a completion."""


def choices_of(names: dict[str, None]) -> Choices:
    """The first of some names."""
    return [app_commands.Choice(name=plain(name, 100), value=name[:100]) for name in list(names)[:OFFERED]]


async def clients(interaction: Ask, typed_text: str) -> Choices:
    """The member's clients, the last used first."""
    threads = await typed(interaction).client.services.observer.threads(
        MemberId(interaction.user.id), client=typed_text
    )
    return choices_of(dict.fromkeys(thread.client for thread in threads if thread.client))


async def titles(interaction: Ask, typed_text: str) -> Choices:
    """The threads with the client that is named beside."""
    client = getattr(interaction.namespace, "client", "") or ""
    threads = await typed(interaction).client.services.observer.threads(MemberId(interaction.user.id), client=client)
    return choices_of(
        dict.fromkeys(each.title for each in threads if each.title and client_key(typed_text) in client_key(each.title))
    )


async def categories(interaction: Ask, typed_text: str) -> Choices:
    """The categories the member has used."""
    known = await typed(interaction).client.services.job_book.categories(MemberId(interaction.user.id))
    return choices_of(dict.fromkeys(each for each in known if title_key(typed_text) in title_key(each)))
