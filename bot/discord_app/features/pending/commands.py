"""`/pending`: what waits."""

import discord
from discord import app_commands

from bot.discord_app.client import NinteiClient, typed
from bot.discord_app.context import interaction_context
from bot.discord_app.features.pending.cards import pending_card
from bot.discord_app.translator import localized


def add_pending_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_pending)


@app_commands.command(name="pending", description=localized("command-pending"))
async def _pending(interaction: discord.Interaction[NinteiClient]) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        pending = await visitor.interaction.client.services.status.pending(visitor.member, now=visitor.now)
        await visitor.respond(pending_card(visitor.texts, pending, now=visitor.now))
