"""`/pending`: the threads that wait for a reply."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.translator import command


@command("pending")
async def pending_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        pending = await ctx.services.pending.page(ctx.member_id, now=ctx.now)
        await ctx.respond(pending_card(ctx.texts, pending, now=ctx.now))
