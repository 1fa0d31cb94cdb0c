"""`/status`: where the member stands."""

import discord
from discord import app_commands

from bot.chat.cards.status import rules_card, status_card
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import visit


def add_status_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_status)


@app_commands.command(name="status", description=told("command-status"))
@app_commands.rename(view=told("option-view"))
@app_commands.describe(view=told("option-view-about"))
@app_commands.choices(
    view=[
        app_commands.Choice(name=told("view-summary"), value="summary"),
        app_commands.Choice(name=told("view-rules"), value="rules"),
    ]
)
async def _status(interaction: discord.Interaction[NinteiClient], view: str | None = None) -> None:
    async with visit(typed(interaction)) as visitor:
        overview = await visitor.interaction.client.services.observer.overview(visitor.member, now=visitor.now)
        await visitor.answer((rules_card if view == "rules" else status_card)(visitor.texts, overview))
