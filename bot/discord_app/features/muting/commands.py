"""`/mute`: no reminders of one client; without a client, those that are muted."""

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.muting.cards import client_muted_card, muted_clients_card
from bot.discord_app.registry import command
from bot.discord_app.ui.autocomplete import autocomplete_clients


@command("mute", client="option-client-mute")
@app_commands.autocomplete(client=autocomplete_clients)
async def mute_command(ctx: InteractionContext, client: str | None = None) -> None:
    if client is None:
        await ctx.respond(muted_clients_card(ctx.texts, await ctx.services.muting.list_muted(ctx.member_id)))
    else:
        muted = await ctx.services.muting.mute(ctx.member_id, client, now=ctx.now)
        await ctx.respond(client_muted_card(ctx.texts, muted))
