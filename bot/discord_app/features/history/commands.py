"""`/history`: the recorded messages, newest first, with the reason why each counted."""

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.history.cards import history_card
from bot.discord_app.translator import localized


@app_commands.command(name="history", description=localized("command-history"))
async def history_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.respond(history_card(ctx.texts, await ctx.services.history.page(ctx.member_id)))
