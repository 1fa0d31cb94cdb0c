"""`/help`: how to use it, a topic at a time."""

import discord
from discord import app_commands

from bot.discord_app.client import NinteiClient, typed
from bot.discord_app.context import interaction_context
from bot.discord_app.features.help.cards import Topic, help_card
from bot.discord_app.translator import localized


def add_help_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_help)


@app_commands.command(name="help", description=localized("command-help"))
@app_commands.rename(topic=localized("option-topic"))
@app_commands.describe(topic=localized("option-topic-about"))
@app_commands.choices(topic=[app_commands.Choice(name=localized(f"topic-{each}"), value=each.value) for each in Topic])
async def _help(interaction: discord.Interaction[NinteiClient], topic: str = Topic.OVERVIEW.value) -> None:
    async with interaction_context(typed(interaction)) as visitor:
        ids = visitor.interaction.client.command_ids
        await visitor.respond(help_card(visitor.texts, Topic(topic), visitor.preferences, ids))
