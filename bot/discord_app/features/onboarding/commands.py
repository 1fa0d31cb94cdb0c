"""`/start`: the card that welcomes, again."""

from discord import app_commands

from bot.discord_app.client import Interaction, NinteiClient
from bot.discord_app.context import interaction_context
from bot.discord_app.features.onboarding.cards import start_card
from bot.discord_app.translator import localized


def add_start_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_start)


@app_commands.command(name="start", description=localized("command-start"))
async def _start(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        ids = ctx.client.command_ids
        await ctx.respond(start_card(ctx.texts, ctx.preferences, ids))
