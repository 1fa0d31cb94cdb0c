"""Converts a Discord message for the parser. Mails and texts among its attachments are downloaded; tables are not."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import discord
import structlog

from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.parsing.file_kind import FileKind, file_kind_by_name, file_kind_of_content
from bot.parsing.incoming import (
    MAX_ATTACHMENT_BYTES,
    MAX_ATTACHMENTS,
    Attachment,
    Embed,
    ForwardedMessage,
    IncomingMessage,
)

MAX_SHORT_LENGTH: Final = 500
"""Characters that are parsed in half a millisecond."""

ORIGIN_TIMEOUT: Final = 5.0
"""Seconds to ask for a message that is forwarded within a channel. Without an answer it is read as any other one."""

log = structlog.get_logger()


def is_by_member(message: discord.Message) -> bool:
    """Whether a member wrote or forwarded it: neither a bot, nor Discord itself, as about a pinned message.

    A kind of messages that discord.py does not know counts if there is something to read.
    """
    if message.author.bot:
        return False
    if message.type in {discord.MessageType.default, discord.MessageType.reply}:
        return True
    is_known = message.type in set(discord.MessageType)
    return not is_known and bool(message.content or message.attachments or message.message_snapshots)


def replied_message_id(message: discord.Message) -> int | None:
    """The id of the message to which this one is a reply."""
    return message.reference.message_id if message.type is discord.MessageType.reply and message.reference else None


async def to_incoming_message(message: discord.Message, *, download_timeout: float) -> IncomingMessage:
    """The content of a message, what it forwards, and the mails and texts among its attachments.

    A file that has not arrived within `download_timeout` seconds is unavailable; discord.py would wait up to 300.
    """
    origin = message.reference
    original_id = (origin and origin.message_id) or message.id
    is_in_same_dm = message.guild is None and origin is not None and origin.channel_id == message.channel.id
    is_from_here = bool(is_in_same_dm and message.message_snapshots) and await _is_message_there(
        message.channel, original_id
    )
    forwarded = [
        # Discord names one message, also where it forwards several.
        await _to_forwarded_message(
            snapshot,
            f"{original_id}.{index}" if index else str(original_id),
            download_timeout,
            is_from_here=is_from_here,
        )
        for index, snapshot in enumerate(message.message_snapshots)
    ]
    attachments = await _download_attachments(message.attachments, download_timeout)
    return IncomingMessage(
        id=str(message.id), content=message.content, forwarded=tuple(forwarded), attachments=attachments
    )


async def _is_message_there(channel: discord.abc.Messageable, message_id: int) -> bool:
    """Whether a channel has a message. Discord is asked: it alone knows all of them."""
    try:
        async with asyncio.timeout(ORIGIN_TIMEOUT):
            await channel.fetch_message(message_id)
    except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS):
        return False
    return True


async def to_forwarded_post(message: discord.Message, *, download_timeout: float) -> IncomingMessage:
    """A message of a channel, as if it had been forwarded to the bot."""
    if message.message_snapshots:
        return await to_incoming_message(message, download_timeout=download_timeout)
    posted = await _to_forwarded_message(message, str(message.id), download_timeout)
    return IncomingMessage(id=str(message.id), content="", forwarded=(posted,), attachments=())


async def _to_forwarded_message(
    message: discord.Message | discord.MessageSnapshot,
    original_id: str,
    download_timeout: float,
    *,
    is_from_here: bool = False,
) -> ForwardedMessage:
    is_own_card = is_from_here and message.flags.components_v2
    files = await _download_attachments(() if is_own_card else message.attachments, download_timeout)
    return ForwardedMessage(
        content="" if is_own_card else message.content,
        embeds=tuple(map(_to_embed, message.embeds)),
        posted_at=message.created_at,
        original_id=original_id,
        # A table that a client posted is no file to import.
        attachments=tuple(map(partial(replace, is_import=False), files)),
        is_from_here=is_from_here,
    )


def _to_embed(embed: discord.Embed) -> Embed:
    return Embed(
        title=embed.title,
        author=embed.author.name,
        description=embed.description,
        fields=tuple((field.name or "", field.value or "") for field in embed.fields),
    )


async def _download_attachments(attachments: Sequence[discord.Attachment], timeout: float) -> tuple[Attachment, ...]:  # noqa: ASYNC109 — of each file
    """Download at once what is to be read."""
    if not attachments:
        return ()
    return tuple(
        await asyncio.gather(*(_download_attachment(file, index, timeout) for index, file in enumerate(attachments)))
    )


async def _download_attachment(attachment: discord.Attachment, index: int, timeout: float) -> Attachment:  # noqa: ASYNC109 — a slow file is no error
    name, size = attachment.filename, attachment.size
    kind = file_kind_by_name(name, attachment.content_type or "", size)
    if index >= MAX_ATTACHMENTS or kind is FileKind.UNKNOWN:
        return Attachment(name, size, None)
    if size > MAX_ATTACHMENT_BYTES or (size and kind is FileKind.IMPORT):
        return Attachment(name, size, None, is_import=kind is FileKind.IMPORT)
    try:
        async with asyncio.timeout(timeout):
            data = await attachment.read()
    except REQUEST_ERRORS as error:
        log.warning("attachment_not_downloaded", error_type=type(error).__name__)
        return Attachment(name, size, None, is_unavailable=True)
    is_import = await asyncio.to_thread(file_kind_of_content, name, kind, data) is FileKind.IMPORT
    return Attachment(name, size, data, is_import=is_import and size > 0)


def has_only_short_forwards(incoming: IncomingMessage) -> bool:
    """Whether it only forwards texts that are parsed in less time than a thread takes to begin."""
    if incoming.content or incoming.attachments:
        return False
    length = 0
    for post in incoming.forwarded:
        if post.embeds or post.attachments:
            return False
        length += len(post.content)
    return length <= MAX_SHORT_LENGTH
