"""A file among the member's direct messages, as a button names it, and its content.

Discord's addresses of files expire, so a press asks Discord for the message again. Ids of messages have more digits
than a custom id takes, so they are written in two parts.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import discord
import structlog

from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, NinteiError, NotAllowedError
from bot.parsing.file_kind import import_file_name
from bot.parsing.import_file import MAX_IMPORT_BYTES
from bot.parsing.incoming import MAX_ATTACHMENTS, IncomingMessage
from bot.services.data_transfer import DataTransferService, ImportPreview

_PART: Final = 10**9

log = structlog.get_logger()


class FileGoneError(InvalidInputError):
    """The file, or the message that it was in, was deleted."""

    def __init__(self) -> None:
        super().__init__("import-file-gone")


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """The place of a file: the message's id, and its number among the message's files."""

    message_id: int
    index: int

    @property
    def target_id(self) -> int:
        """The first part of the message's id."""
        return self.message_id // _PART

    @property
    def value(self) -> str:
        """The rest of the message's id, and the number."""
        return str(self.message_id % _PART * MAX_ATTACHMENTS + self.index)


def parse_offered_file(press: Press) -> OfferedFile:
    """The file that a button names."""
    rest, index = divmod(parse_selected_id(press.values), MAX_ATTACHMENTS)
    return OfferedFile(press.target_id * _PART + rest, index)


def ensure_import_size_allowed(attachment: discord.Attachment) -> None:
    """Raise `InvalidInputError` for a file that is too large to import."""
    if attachment.size > MAX_IMPORT_BYTES:
        raise InvalidInputError("import-too-large", most=f"{MAX_IMPORT_BYTES // 1024 // 1024}")


async def download_import_file(attachment: discord.Attachment, request_timeout: float) -> tuple[str, bytes]:
    """The name and content of a file to import. Raises `InvalidInputError`: too large, deleted, or not to be had."""
    ensure_import_size_allowed(attachment)
    try:
        async with asyncio.timeout(request_timeout):
            data = await attachment.read()
    except discord.NotFound as error:
        raise FileGoneError from error
    except REQUEST_ERRORS as error:
        raise InvalidInputError("import-unfetched") from error
    return import_file_name(attachment.filename, attachment.content_type or "", data), data


async def fetch_offered_attachment(
    channel: discord.PartialMessageable, file: OfferedFile, member_id: MemberId, request_timeout: float
) -> discord.Attachment:
    """The file in the member's own message.

    Raises `FileGoneError` when it was deleted, and `InvalidInputError` when Discord does not give it.
    """
    try:
        async with asyncio.timeout(request_timeout):
            message = await channel.fetch_message(file.message_id)
    except discord.NotFound as error:
        raise FileGoneError from error
    except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
        raise InvalidInputError("import-unfetched") from error
    if message.author.id != member_id:
        raise NotAllowedError("button-unknown")
    if file.index >= len(message.attachments):
        raise FileGoneError
    return message.attachments[file.index]


async def read_offered_files(
    transfer: DataTransferService,
    message: discord.Message,
    incoming: IncomingMessage,
    *,
    now: datetime,
    download_timeout: float,
) -> dict[OfferedFile, ImportPreview | NinteiError]:
    """What the files of a message that are to be imported contain, or why they cannot be. Writes nothing."""
    member_id = MemberId(message.author.id)
    offers: dict[OfferedFile, ImportPreview | NinteiError] = {}
    for index, attachment in enumerate(incoming.attachments):
        if not attachment.is_import:
            continue
        file = OfferedFile(message.id, index)
        try:
            async with transfer.upload_slot():
                name, data = await download_import_file(message.attachments[index], download_timeout)
                offers[file] = (await transfer.open_import_file(member_id, name, data, now=now)).preview
        except NinteiError as error:
            log.info("file_not_offered", error=error.message_id)
            offers[file] = error
    return offers
