"""`/pending`: the threads that wait for a reply."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.registry import command


@command("pending")
async def pending_command(ctx: InteractionContext) -> None:
    pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now)
    await ctx.respond(pending_card(ctx.texts, pending, now=ctx.now))
