"""`/start`: the card that welcomes, again."""

import discord
from discord import app_commands

from bot.chat.cards.start import start_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import visit


def add_start_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_start)


@app_commands.command(name="start", description=told("command-start"))
async def _start(interaction: discord.Interaction[NinteiClient]) -> None:
    async with visit(typed(interaction)) as visitor:
        ids = visitor.interaction.client.command_ids
        await visitor.answer(start_card(visitor.texts, visitor.preferences, ids))
