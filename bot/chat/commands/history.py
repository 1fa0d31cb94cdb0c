"""`/history`: the record, newest first, with why each entry counted."""

import discord
from discord import app_commands

from bot.chat.cards.history import history_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import visit


def add_history_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_history)


@app_commands.command(name="history", description=told("command-history"))
async def _history(interaction: discord.Interaction[NinteiClient]) -> None:
    async with visit(typed(interaction)) as visitor:
        corrections = visitor.interaction.client.services.history
        await visitor.answer(history_card(visitor.texts, await corrections.history(visitor.member)))
