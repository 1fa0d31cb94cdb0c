"""`/history`: the recorded messages, newest first."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.history.cards import history_card
from bot.discord_app.registry import command


@command("history")
async def history_command(ctx: InteractionContext) -> None:
    await ctx.respond(history_card(ctx.texts, await ctx.services.history.page(ctx.member_id)))
