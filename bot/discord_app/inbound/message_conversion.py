"""Converts a Discord message for the parser. Mails and texts among its attachments are downloaded."""

import asyncio
from collections.abc import Sequence
from typing import Final

import discord
import structlog

from bot.discord_app.request_errors import REQUEST_ERRORS
from bot.parsing.incoming import MAX_BYTES, MAX_FILES, Attachment, Embed, ForwardedMessage, IncomingMessage

READ_EXTENSIONS: Final = (".eml", ".mbox", ".mbx", ".zip", ".txt")
MAIL_CONTENT_TYPES: Final = ("message/rfc822", "application/mbox", "application/zip", "application/x-zip")

MAX_SHORT_LENGTH: Final = 500
"""Characters that are parsed in half a millisecond."""

log = structlog.get_logger()


async def to_incoming_message(message: discord.Message, *, download_timeout: float) -> IncomingMessage:
    """The content of a message, what it forwards, and the mails and texts among its attachments.

    A file that has not arrived within `download_timeout` seconds is unavailable; discord.py would wait up to 300.
    """
    reference_id = message.reference.message_id if message.reference else None
    forwarded = [
        await _to_forwarded(snapshot, reference_id, download_timeout) for snapshot in message.message_snapshots
    ]
    attachments = await _download(message.attachments, download_timeout)
    return IncomingMessage(
        id=str(message.id), content=message.content, forwarded=tuple(forwarded), attachments=attachments
    )


async def to_forwarded_post(message: discord.Message, *, download_timeout: float) -> IncomingMessage:
    """A message of a channel, as if it had been forwarded to the bot."""
    if message.message_snapshots:
        return await to_incoming_message(message, download_timeout=download_timeout)
    posted = await _to_forwarded(message, message.id, download_timeout)
    return IncomingMessage(id=str(message.id), content="", forwarded=(posted,), attachments=())


async def _to_forwarded(
    message: discord.Message | discord.MessageSnapshot, original_id: int | None, download_timeout: float
) -> ForwardedMessage:
    return ForwardedMessage(
        content=message.content,
        embeds=tuple(map(_to_embed, message.embeds)),
        posted_at=message.created_at,
        original_id=None if original_id is None else str(original_id),
        attachments=await _download(message.attachments, download_timeout),
    )


def _to_embed(embed: discord.Embed) -> Embed:
    return Embed(
        title=embed.title,
        author=embed.author.name,
        description=embed.description,
        fields=tuple((field.name or "", field.value or "") for field in embed.fields),
    )


async def _download(attachments: Sequence[discord.Attachment], timeout: float) -> tuple[Attachment, ...]:  # noqa: ASYNC109 — of each file
    """Download at once what is to be read."""
    if not attachments:
        return ()
    return tuple(await asyncio.gather(*(_download_one(file, index, timeout) for index, file in enumerate(attachments))))


async def _download_one(attachment: discord.Attachment, index: int, timeout: float) -> Attachment:  # noqa: ASYNC109 — a slow file is no error
    name, size = attachment.filename, attachment.size
    if not _is_read(attachment) or size > MAX_BYTES or index >= MAX_FILES:
        return Attachment(name, size, None)
    try:
        async with asyncio.timeout(timeout):
            return Attachment(name, size, await attachment.read())
    except REQUEST_ERRORS as error:
        log.warning("attachment_not_downloaded", error_type=type(error).__name__)
        return Attachment(name, size, None, is_unavailable=True)


def _is_read(attachment: discord.Attachment) -> bool:
    """Whether it is a mail, or a text: Discord makes a file of a long paste (`message.txt`)."""
    content_type = attachment.content_type or ""
    return attachment.filename.casefold().endswith(READ_EXTENSIONS) or content_type.startswith(MAIL_CONTENT_TYPES)


def is_short_post(incoming: IncomingMessage) -> bool:
    """Whether it only forwards texts that are parsed in less time than a thread takes to begin."""
    texts = [post.content for post in incoming.forwarded if not post.embeds and not post.attachments]
    is_plain = not incoming.content and not incoming.attachments and len(texts) == len(incoming.forwarded)
    return is_plain and sum(map(len, texts)) <= MAX_SHORT_LENGTH
