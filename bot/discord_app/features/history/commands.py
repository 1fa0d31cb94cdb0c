"""`/history`: the record, newest first, with why each entry counted."""

from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.history.cards import history_card
from bot.discord_app.translator import localized


@app_commands.command(name="history", description=localized("command-history"))
async def history_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        corrections = ctx.services.history
        await ctx.respond(history_card(ctx.texts, await corrections.page(ctx.member_id)))
