"""`/inbox set|off|show`: the channel of the member's own server whose mail bridge posts for them."""

import discord
from discord import app_commands

from bot.chat.cards.frame import GOOD, note
from bot.chat.channels import TextChannel
from bot.chat.client import Interaction, NinteiClient, typed
from bot.chat.greeting import try_direct_message
from bot.chat.translator import told
from bot.chat.visitor import visit
from bot.chat.words import on
from bot.errors import NotAllowedError

Ask = discord.Interaction[NinteiClient]

_inbox = app_commands.Group(name="inbox", description=told("command-inbox"))


def add_inbox_commands(client: NinteiClient) -> None:
    """Add them to the tree."""
    client.tree.add_command(_inbox)


@_inbox.command(name="set", description=told("command-inbox-set"))
@app_commands.rename(channel=told("option-channel"))
@app_commands.describe(channel=told("option-channel-about"))
async def _set(
    interaction: Ask,
    channel: app_commands.Transform[app_commands.AppCommandChannel, TextChannel] | None = None,
) -> None:
    async with visit(typed(interaction)) as visitor:
        chosen = channel and (channel.id, channel.guild_id, channel.permissions)
        where = chosen or _here(visitor.interaction)
        if where is None or where[1] != interaction.guild_id or not interaction.is_guild_integration():
            raise NotAllowedError("inbox-own-server")
        if not _may(where[2]):
            raise NotAllowedError("inbox-permission")
        inboxes = visitor.interaction.client.services.inboxes
        await inboxes.assign(visitor.member, where[0], where[1], now=visitor.now)
        assert interaction.client.user is not None, "logged in"  # noqa: S101 — narrows the type
        words = visitor.texts("inbox-set", channel=f"<#{where[0]}>", bot=str(interaction.client.user.id))
        await visitor.answer(note(words, GOOD))
        await try_direct_message(visitor)


@_inbox.command(name="off", description=told("command-inbox-off"))
async def _off(interaction: Ask) -> None:
    """One's own; without one, that of the channel, for whoever may set one there."""
    async with visit(typed(interaction)) as visitor:
        inboxes = visitor.interaction.client.services.inboxes
        own, here = await inboxes.of_member(visitor.member), _here(visitor.interaction)
        if own is not None:
            channel = own.channel_id
        elif here is not None and _may(here[2]) and await inboxes.owner(here[0]) is not None:
            channel = here[0]
        else:
            raise NotAllowedError("inbox-none")
        await inboxes.remove(channel_id=channel)
        await visitor.answer(note(visitor.texts("inbox-off", channel=f"<#{channel}>")))


@_inbox.command(name="show", description=told("command-inbox-show"))
async def _show(interaction: Ask) -> None:
    async with visit(typed(interaction)) as visitor:
        own = await visitor.interaction.client.services.inboxes.of_member(visitor.member)
        if own is None:
            raise NotAllowedError("inbox-none")
        words = visitor.texts("inbox-shown", channel=f"<#{own.channel_id}>", since=on(own.assigned_at))
        await visitor.answer(note(words, GOOD))


def _here(interaction: Interaction) -> tuple[int, int, discord.Permissions] | None:
    """The channel in which the command was used, if it is one of a server."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    return interaction.channel_id, interaction.guild_id, interaction.permissions


def _may(permissions: discord.Permissions) -> bool:
    """Whoever may not manage webhooks could listen in on somebody else's mail, or have it forged."""
    return permissions.administrator or permissions.manage_guild or permissions.manage_webhooks
