"""`/start`: the card that welcomes, again."""

import discord
from discord import app_commands

from bot.discord_app.client import NinteiClient, typed
from bot.discord_app.context import interaction_context
from bot.discord_app.features.onboarding.cards import start_card
from bot.discord_app.translator import localized


def add_start_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_start)


@app_commands.command(name="start", description=localized("command-start"))
async def _start(interaction: discord.Interaction[NinteiClient]) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        ids = visitor.interaction.client.command_ids
        await visitor.respond(start_card(visitor.texts, visitor.preferences, ids))
