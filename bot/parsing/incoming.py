"""Something forwarded or written, as it reaches intake: no Discord in it, nothing downloaded that is too large."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MAX_BYTES: Final = 1024 * 1024
MAX_FILES: Final = 10


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. `data` None: no mail, too large, or not to be had."""

    name: str
    size: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Embed:
    """What a mail bridge may have posted."""

    title: str | None
    author: str | None
    description: str | None
    fields: tuple[tuple[str, str], ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ForwardedMessage:
    """A forwarded message: no author and no id of its own."""

    content: str
    embeds: tuple[Embed, ...]
    posted_at: datetime
    """When it was posted on Discord, not when it was forwarded."""
    original_id: str | None
    """The id of the message it is a copy of."""
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message to the bot."""

    id: str
    content: str
    embeds: tuple[Embed, ...]
    forwarded: tuple[ForwardedMessage, ...]
    attachments: tuple[Attachment, ...]
