"""A Discord message, packed for intake. Only what may be a mail is downloaded, and only as much as a mail may weigh."""

from collections.abc import Iterable, Sequence
from typing import Final

import aiohttp
import discord
import structlog

from bot.parsing.incoming import MAX_BYTES, MAX_FILES, Attachment, Embed, ForwardedMessage, IncomingMessage

MAIL_EXTENSIONS: Final = (".eml",)
MAIL_CONTENT_TYPES: Final = ("message/rfc822",)

log = structlog.get_logger()


async def to_incoming_message(message: discord.Message) -> IncomingMessage:
    """Content, what was forwarded, and the mails among the attachments."""
    snapshots = [
        ForwardedMessage(
            content=snapshot.content,
            embeds=_embeds(snapshot.embeds),
            posted_at=snapshot.created_at,
            original_id=_original_message_id(message),
            attachments=await _download(snapshot.attachments),
        )
        for snapshot in message.message_snapshots
    ]
    return IncomingMessage(
        id=str(message.id),
        content=message.content,
        embeds=_embeds(message.embeds),
        forwarded=tuple(snapshots),
        attachments=await _download(message.attachments),
    )


async def to_forwarded_post(message: discord.Message) -> IncomingMessage:
    """A message of a channel, chosen from its context menu: as if it had been forwarded."""
    if message.message_snapshots:
        return await to_incoming_message(message)
    posted = ForwardedMessage(
        content=message.content,
        embeds=_embeds(message.embeds),
        posted_at=message.created_at,
        original_id=str(message.id),
        attachments=await _download(message.attachments),
    )
    return IncomingMessage(id=str(message.id), content="", embeds=(), forwarded=(posted,), attachments=())


def _original_message_id(message: discord.Message) -> str | None:
    reference = message.reference
    return None if reference is None or reference.message_id is None else str(reference.message_id)


def _embeds(embeds: Iterable[discord.Embed]) -> tuple[Embed, ...]:
    return tuple(
        Embed(
            title=embed.title,
            author=embed.author.name,
            description=embed.description,
            fields=tuple((field.name or "", field.value or "") for field in embed.fields),
            at=embed.timestamp,
        )
        for embed in embeds
    )


async def _download(attachments: Sequence[discord.Attachment]) -> tuple[Attachment, ...]:
    packed = []
    for number, attachment in enumerate(attachments):
        mail = attachment.filename.casefold().endswith(MAIL_EXTENSIONS) or (attachment.content_type or "").startswith(
            MAIL_CONTENT_TYPES
        )
        data = None
        if mail and attachment.size <= MAX_BYTES and number < MAX_FILES:
            try:
                data = await attachment.read()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
                log.warning("attachment_not_read", fault=type(fault).__name__)
        packed.append(Attachment(attachment.filename, attachment.size, data))
    return tuple(packed)
