"""`/inbox set|off|show`: the channel in the member's own server where a mail bridge posts for them."""

from typing import NamedTuple

import discord
from discord import app_commands

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext
from bot.discord_app.dm_check import verify_dm_reachable
from bot.discord_app.registry import command
from bot.discord_app.translator import localized_text
from bot.discord_app.ui.formatting import format_timestamp
from bot.discord_app.ui.layout import SUCCESS, notice_card
from bot.discord_app.ui.transformers import TextChannelTransformer
from bot.errors import NotAllowedError


class _ServerChannel(NamedTuple):
    """A channel of a server, and what the member may do in it."""

    id: int
    guild_id: int
    permissions: discord.Permissions


inbox_commands = app_commands.Group(name="inbox", description=localized_text("command-inbox"))


@command("set", inbox_commands)
async def _inbox_set_command(
    ctx: InteractionContext,
    channel: app_commands.Transform[app_commands.AppCommandChannel, TextChannelTransformer] | None = None,
) -> None:
    option = channel and _ServerChannel(channel.id, channel.guild_id, channel.permissions)
    chosen = option or _channel_of_command(ctx.interaction)
    if chosen is None or chosen.guild_id != ctx.interaction.guild_id or not ctx.interaction.is_guild_integration():
        raise NotAllowedError("inbox-own-server")
    if not _can_manage_webhooks(chosen.permissions):
        raise NotAllowedError("inbox-permission")
    inboxes = ctx.services.inboxes
    await inboxes.assign(ctx.member_id, chosen.id, chosen.guild_id, now=ctx.now)
    assert ctx.interaction.client.user is not None, "logged in"  # noqa: S101 — narrows the type
    text = ctx.texts("inbox-set", channel=f"<#{chosen.id}>", bot=str(ctx.interaction.client.user.id))
    await ctx.respond(notice_card(f"{text}\n{_missed_inbox_posts_text(ctx, chosen.id)}", SUCCESS))
    await verify_dm_reachable(ctx)


@command("off", inbox_commands)
async def _inbox_off_command(ctx: InteractionContext) -> None:
    """Remove the member's inbox. A member without one removes the inbox of this channel, with the right to set one.

    Its owner is told.
    """
    inboxes = ctx.services.inboxes
    own, current = await inboxes.find_by_member(ctx.member_id), _channel_of_command(ctx.interaction)
    if own is not None:
        channel = own.channel_id
    elif (
        current is not None
        and _can_manage_webhooks(current.permissions)
        and await inboxes.find_owner_of_channel(current.id) is not None
    ):
        channel = current.id
    else:
        raise NotAllowedError("inbox-none")
    removed = await inboxes.remove(channel_id=channel)
    await ctx.respond(notice_card(ctx.texts("inbox-off", channel=f"<#{channel}>")))
    for inbox in removed:
        if inbox.member_id != ctx.member_id:
            await ctx.client.sender.send_inbox_ended(inbox, "off")


@command("show", inbox_commands)
async def _inbox_show_command(ctx: InteractionContext) -> None:
    own = await ctx.services.inboxes.find_by_member(ctx.member_id)
    if own is None:
        raise NotAllowedError("inbox-none")
    text = ctx.texts("inbox-shown", channel=f"<#{own.channel_id}>", since=format_timestamp(own.assigned_at))
    await ctx.respond(notice_card(f"{text}\n{_missed_inbox_posts_text(ctx, own.channel_id)}", SUCCESS))


def _missed_inbox_posts_text(ctx: InteractionContext, channel_id: int) -> str:
    """Whether posts that the bot missed are read. The bot's rights are known in the channel of the command."""
    if ctx.interaction.channel_id != channel_id:
        return ctx.texts("inbox-missed-if-allowed")
    may_read = ctx.interaction.app_permissions.read_message_history
    return ctx.texts("inbox-missed-are-read" if may_read else "inbox-missed-not-allowed")


def _channel_of_command(interaction: Interaction) -> _ServerChannel | None:
    """The channel where the command was used; None outside servers."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    return _ServerChannel(interaction.channel_id, interaction.guild_id, interaction.permissions)


def _can_manage_webhooks(permissions: discord.Permissions) -> bool:
    """Whether the member may change what is posted there.

    Without that right a member could have others' mail recorded as theirs, or forged mail recorded for somebody else.
    """
    return permissions.administrator or permissions.manage_guild or permissions.manage_webhooks
