"""`/inbox set|off|show`: the channel of the member's own server whose mail bridge posts for them."""

import discord
from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.dm_check import verify_dm_reachable
from bot.discord_app.translator import localized
from bot.discord_app.ui.formatting import timestamp_full
from bot.discord_app.ui.layout import SUCCESS, notice
from bot.discord_app.ui.transformers import TextChannelTransformer
from bot.errors import NotAllowedError

inbox_commands = app_commands.Group(name="inbox", description=localized("command-inbox"))


@inbox_commands.command(name="set", description=localized("command-inbox-set"))
@app_commands.rename(channel=localized("option-channel"))
@app_commands.describe(channel=localized("option-channel-about"))
async def _set(
    interaction: Interaction,
    channel: app_commands.Transform[app_commands.AppCommandChannel, TextChannelTransformer] | None = None,
) -> None:
    async with interaction_context(interaction) as ctx:
        chosen = channel and (channel.id, channel.guild_id, channel.permissions)
        where = chosen or _current_channel(ctx.interaction)
        if where is None or where[1] != interaction.guild_id or not interaction.is_guild_integration():
            raise NotAllowedError("inbox-own-server")
        if not _can_manage_webhooks(where[2]):
            raise NotAllowedError("inbox-permission")
        inboxes = ctx.services.inboxes
        await inboxes.assign(ctx.member_id, where[0], where[1], now=ctx.now)
        assert interaction.client.user is not None, "logged in"  # noqa: S101 — narrows the type
        words = ctx.texts("inbox-set", channel=f"<#{where[0]}>", bot=str(interaction.client.user.id))
        await ctx.respond(notice(words, SUCCESS))
        await verify_dm_reachable(ctx)


@inbox_commands.command(name="off", description=localized("command-inbox-off"))
async def _off(interaction: Interaction) -> None:
    """One's own; without one, that of the channel, for whoever may set one there."""
    async with interaction_context(interaction) as ctx:
        inboxes = ctx.services.inboxes
        own, here = await inboxes.of_member(ctx.member_id), _current_channel(ctx.interaction)
        if own is not None:
            channel = own.channel_id
        elif here is not None and _can_manage_webhooks(here[2]) and await inboxes.owner(here[0]) is not None:
            channel = here[0]
        else:
            raise NotAllowedError("inbox-none")
        await inboxes.remove(channel_id=channel)
        await ctx.respond(notice(ctx.texts("inbox-off", channel=f"<#{channel}>")))


@inbox_commands.command(name="show", description=localized("command-inbox-show"))
async def _show(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        own = await ctx.services.inboxes.of_member(ctx.member_id)
        if own is None:
            raise NotAllowedError("inbox-none")
        words = ctx.texts("inbox-shown", channel=f"<#{own.channel_id}>", since=timestamp_full(own.assigned_at))
        await ctx.respond(notice(words, SUCCESS))


def _current_channel(interaction: Interaction) -> tuple[int, int, discord.Permissions] | None:
    """The channel in which the command was used, if it is one of a server."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    return interaction.channel_id, interaction.guild_id, interaction.permissions


def _can_manage_webhooks(permissions: discord.Permissions) -> bool:
    """Whoever may not manage webhooks could listen in on somebody else's mail, or have it forged."""
    return permissions.administrator or permissions.manage_guild or permissions.manage_webhooks
