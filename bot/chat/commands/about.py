"""`/about`: which program this is, and what it is not."""

import discord
from discord import app_commands

from bot.chat.cards.about import about_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import visit


def add_about_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_about)


@app_commands.command(name="about", description=told("command-about"))
async def _about(interaction: discord.Interaction[NinteiClient]) -> None:
    async with visit(typed(interaction)) as visitor:
        await visitor.answer(about_card(visitor.texts, visitor.interaction.client.command_ids))
