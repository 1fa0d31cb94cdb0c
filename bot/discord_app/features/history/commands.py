"""`/history`: the recorded messages, newest first, with the reason why each counted."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.history.cards import history_card
from bot.discord_app.translator import command


@command("history")
async def history_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.respond(history_card(ctx.texts, await ctx.services.history.page(ctx.member_id)))
