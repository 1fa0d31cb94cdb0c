"""`/history`: the record, newest first, with why each entry counted."""

import discord
from discord import app_commands

from bot.discord_app.client import NinteiClient, typed
from bot.discord_app.context import interaction_context
from bot.discord_app.features.history.cards import history_card
from bot.discord_app.translator import localized


def add_history_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_history)


@app_commands.command(name="history", description=localized("command-history"))
async def _history(interaction: discord.Interaction[NinteiClient]) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        corrections = visitor.interaction.client.services.history
        await visitor.respond(history_card(visitor.texts, await corrections.page(visitor.member)))
