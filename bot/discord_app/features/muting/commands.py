"""`/mute`: no reminders of one client; without a client, those that are muted. And the controls that do the same."""

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.muting.cards import client_muted_card, client_unmuted_card, muted_clients_card
from bot.discord_app.features.pending.pressed_card import show_pressed_card
from bot.discord_app.registry import command, on
from bot.discord_app.ui.command_options import autocomplete_clients
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.types import MessageId, MutedClientId, ThreadId


@command("mute", client="option-client-mute")
@app_commands.autocomplete(client=autocomplete_clients)
async def mute_command(ctx: InteractionContext, client: str | None = None) -> None:
    if client is None:
        await ctx.respond(muted_clients_card(ctx.texts, await ctx.services.muting.list_muted(ctx.member_id)))
    else:
        muted = await ctx.services.muting.mute(ctx.member_id, client, now=ctx.now)
        await ctx.respond(client_muted_card(ctx.texts, muted))


@on(Target.WINDOW, Action.MUTE)
async def mute_client_of_window(ctx: InteractionContext, press: Press) -> None:
    """Mute the client; show the card again whose menu had the button, and a card with a button that unmutes."""
    muted = await ctx.services.muting.mute_window(ctx.member_id, MessageId(press.target_id), now=ctx.now)
    await show_pressed_card(ctx)
    await ctx.respond(client_muted_card(ctx.texts, muted))


@on(Target.THREAD, Action.MUTE)
async def mute_client_again(ctx: InteractionContext, press: Press) -> None:
    muted = await ctx.services.muting.mute_thread(ctx.member_id, ThreadId(press.target_id), now=ctx.now)
    await ctx.edit_message(client_muted_card(ctx.texts, muted))


@on(Target.MUTED_CLIENT, Action.UNMUTE)
async def unmute_client(ctx: InteractionContext, press: Press) -> None:
    """The button on the card of one client, or a choice on the list of all."""
    muted_id = MutedClientId(press.target_id or parse_selected_id(press.values))
    muted, thread = await ctx.services.muting.unmute(ctx.member_id, muted_id, now=ctx.now)
    await ctx.edit_message(client_unmuted_card(ctx.texts, muted, thread))


@on(Target.MUTED_CLIENT, Action.VIEW)
async def show_muted_clients(ctx: InteractionContext, _press: Press) -> None:
    await ctx.respond(muted_clients_card(ctx.texts, await ctx.services.muting.list_muted(ctx.member_id)))
