"""Converts a Discord message for the parser. Of its attachments only mails are downloaded, up to `MAX_BYTES` each."""

import asyncio
from collections.abc import Sequence
from itertools import chain
from typing import Final

import aiohttp
import discord
import structlog

from bot.parsing.incoming import MAX_BYTES, MAX_FILES, Attachment, Embed, ForwardedMessage, IncomingMessage

MAIL_EXTENSIONS: Final = (".eml",)
MAIL_CONTENT_TYPES: Final = ("message/rfc822",)

DOWNLOAD_TIMEOUT: Final = 15.0
"""Seconds for the files of a message; discord.py would wait up to 300."""

log = structlog.get_logger()


async def to_incoming_message(message: discord.Message) -> IncomingMessage:
    """The content of a message, what it forwards, and the mails among its attachments."""
    reference_id = message.reference.message_id if message.reference else None
    forwarded = [await _to_forwarded(snapshot, reference_id) for snapshot in message.message_snapshots]
    attachments = await _download(message.attachments)
    return IncomingMessage(
        id=str(message.id), content=message.content, forwarded=tuple(forwarded), attachments=attachments
    )


async def to_forwarded_post(message: discord.Message) -> IncomingMessage:
    """A message of a channel, as if it had been forwarded to the bot."""
    if message.message_snapshots:
        return await to_incoming_message(message)
    posted = await _to_forwarded(message, message.id)
    return IncomingMessage(id=str(message.id), content="", forwarded=(posted,), attachments=())


async def _to_forwarded(
    message: discord.Message | discord.MessageSnapshot, original_id: int | None
) -> ForwardedMessage:
    return ForwardedMessage(
        content=message.content,
        embeds=tuple(map(_to_embed, message.embeds)),
        posted_at=message.created_at,
        original_id=None if original_id is None else str(original_id),
        attachments=await _download(message.attachments),
    )


def _to_embed(embed: discord.Embed) -> Embed:
    return Embed(
        title=embed.title,
        author=embed.author.name,
        description=embed.description,
        fields=tuple((field.name or "", field.value or "") for field in embed.fields),
    )


def message_files(message: discord.Message) -> Sequence[discord.Attachment]:
    """The attachments of a message and of what it forwards."""
    return [*message.attachments, *chain(*(snapshot.attachments for snapshot in message.message_snapshots))]


async def _download(attachments: Sequence[discord.Attachment]) -> tuple[Attachment, ...]:
    """Download at once what is to be read; what has not arrived within `DOWNLOAD_TIMEOUT` is unavailable."""
    return tuple(await asyncio.gather(*map(_download_one, attachments, range(len(attachments)))))


async def _download_one(attachment: discord.Attachment, index: int) -> Attachment:
    name, size = attachment.filename, attachment.size
    if not _is_read(attachment) or size > MAX_BYTES or index >= MAX_FILES:
        return Attachment(name, size, None)
    try:
        async with asyncio.timeout(DOWNLOAD_TIMEOUT):
            return Attachment(name, size, await attachment.read())
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("attachment_not_downloaded", error_type=type(error).__name__)
        return Attachment(name, size, None, is_unavailable=True)


def _is_read(attachment: discord.Attachment) -> bool:
    """Whether it is a mail."""
    content_type = attachment.content_type or ""
    return attachment.filename.casefold().endswith(MAIL_EXTENSIONS) or content_type.startswith(MAIL_CONTENT_TYPES)
