"""A message to the bot before it is parsed: without Discord's types, and without files that are too large."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MAX_ATTACHMENT_BYTES: Final = 1024 * 1024
"""The size of one attachment that is read."""
MAX_ATTACHMENTS: Final = 10


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. `data` None: not a mail, too large, or not available."""

    name: str
    size: int
    data: bytes | None
    is_unavailable: bool = False
    """It is to be read, and could not be downloaded."""
    is_import: bool = False
    """It is offered for import instead of being read with the message."""


@dataclass(frozen=True, slots=True)
class Embed:
    """An embed, as a mail bridge may post one."""

    title: str | None
    author: str | None
    description: str | None
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedMessage:
    """A forwarded message: it has no author and no id of its own."""

    content: str
    embeds: tuple[Embed, ...]
    posted_at: datetime | None
    """When it was posted on Discord, not when it was forwarded. None: unknown."""
    original_id: str
    """The id of the message of which it is a copy, or of the one that forwards it where that is unknown."""
    attachments: tuple[Attachment, ...]
    is_from_here: bool = False
    """It is a copy of a message in the direct message with the bot, which was read when it came, or is the bot's."""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message to the bot."""

    id: str
    content: str
    forwarded: tuple[ForwardedMessage, ...]
    attachments: tuple[Attachment, ...]
