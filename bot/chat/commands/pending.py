"""`/pending`: what waits."""

import discord
from discord import app_commands

from bot.chat.cards.waiting import pending_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import visit


def add_pending_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_pending)


@app_commands.command(name="pending", description=told("command-pending"))
async def _pending(interaction: discord.Interaction[NinteiClient]) -> None:
    async with visit(typed(interaction)) as visitor:
        pending = await visitor.interaction.client.services.status.pending(visitor.member, now=visitor.now)
        await visitor.answer(pending_card(visitor.texts, pending, now=visitor.now))
