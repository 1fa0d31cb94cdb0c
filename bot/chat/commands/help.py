"""`/help`: how to use it, a topic at a time."""

import discord
from discord import app_commands

from bot.chat.cards.help import Topic, help_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import visit


def add_help_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_help)


@app_commands.command(name="help", description=told("command-help"))
@app_commands.rename(topic=told("option-topic"))
@app_commands.describe(topic=told("option-topic-about"))
@app_commands.choices(topic=[app_commands.Choice(name=told(f"topic-{each}"), value=each.value) for each in Topic])
async def _help(interaction: discord.Interaction[NinteiClient], topic: str = Topic.OVERVIEW.value) -> None:
    async with visit(typed(interaction)) as visitor:
        ids = visitor.interaction.client.command_ids
        await visitor.answer(help_card(visitor.texts, Topic(topic), visitor.preferences, ids))
