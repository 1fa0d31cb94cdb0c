"""`/mute`: no reminders of one client; without a client, those that are muted."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.muting.cards import client_muted_card, muted_clients_card
from bot.discord_app.translator import command
from bot.discord_app.ui.autocomplete import autocomplete_clients


@command("mute", client="option-client-mute")
async def mute_command(interaction: Interaction, client: str | None = None) -> None:
    async with interaction_context(interaction) as ctx:
        if client is None:
            await ctx.respond(muted_clients_card(ctx.texts, await ctx.services.muting.list_muted(ctx.member_id)))
        else:
            muted = await ctx.services.muting.mute(ctx.member_id, client, now=ctx.now)
            await ctx.respond(client_muted_card(ctx.texts, muted))


mute_command.autocomplete("client")(autocomplete_clients)
