"""Converts a Discord message for the parser.

Of its attachments only mails, mailboxes and zips are downloaded, up to `MAX_BYTES` each.
"""

from collections.abc import Sequence
from typing import Final

import aiohttp
import discord
import structlog

from bot.parsing.incoming import MAX_BYTES, MAX_FILES, Attachment, Embed, ForwardedMessage, IncomingMessage

MAIL_EXTENSIONS: Final = (".eml", ".mbox", ".mbx", ".zip")
MAIL_CONTENT_TYPES: Final = ("message/rfc822", "application/mbox", "application/zip", "application/x-zip")

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


async def _download(attachments: Sequence[discord.Attachment]) -> tuple[Attachment, ...]:
    downloaded = []
    for index, attachment in enumerate(attachments):
        content_type = attachment.content_type or ""
        is_mail = attachment.filename.casefold().endswith(MAIL_EXTENSIONS) or content_type.startswith(
            MAIL_CONTENT_TYPES
        )
        data = None
        if is_mail and attachment.size <= MAX_BYTES and index < MAX_FILES:
            try:
                data = await attachment.read()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.warning("attachment_not_downloaded", error_type=type(error).__name__)
        downloaded.append(Attachment(attachment.filename, attachment.size, data))
    return tuple(downloaded)
