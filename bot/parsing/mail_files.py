"""The mails in a file that a member sends: one mail, a mailbox (mbox), or a zip of these."""

import re
from collections.abc import Iterator
from typing import Final

from bot.errors import InvalidInputError
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES
from bot.parsing.zip_files import ZIP_START, ZipLimits, read_zip

MAX_MAILS: Final = 50
"""Mails in one file."""
ZIP_LIMITS: Final = ZipLimits(
    max_files=200, max_file_bytes=MAX_ATTACHMENT_BYTES, max_total_bytes=8 * MAX_ATTACHMENT_BYTES
)
_MAILBOX_START: Final = b"From "
_MAILBOX_LINE: Final = re.compile(rb"^From \S+[^\n]*\d{4}(?:[ \t]+[+-]\d{4})?[ \t]*\r?\n", re.MULTILINE)
_MAIL_NAMES: Final = (".eml", ".mbox", ".mbx")


def split_mails(data: bytes) -> Iterator[bytes]:
    """The bytes of each mail. Raises `InvalidInputError`: too many, or a zip that cannot be read."""
    for number, mail in enumerate(_mails_of_file(data)):
        if number >= MAX_MAILS:
            raise InvalidInputError("parsing-too-many-mails", most=MAX_MAILS)
        yield mail


def _mails_of_file(data: bytes) -> Iterator[bytes]:
    if data.startswith(ZIP_START):
        for name, content in read_zip(data, ZIP_LIMITS):
            if name.casefold().endswith(_MAIL_NAMES):
                yield from split_mailbox(content)
        return
    yield from split_mailbox(data)


def split_mailbox(data: bytes) -> Iterator[bytes]:
    """The mails of an mbox file; any other file as it is."""
    if not data.startswith(_MAILBOX_START):
        yield data
        return
    end: int | None = None
    for match in _MAILBOX_LINE.finditer(data):
        if not _follows_blank_line(data, match.start()):
            continue  # a line of a mail's text
        if end is not None:
            yield data[end : match.start()]
        end = match.end()
    if end is not None:
        yield data[end:]


def _follows_blank_line(data: bytes, position: int) -> bool:
    before = data[max(0, position - 4) : position].replace(b"\r", b"")
    return position == 0 or before.endswith(b"\n\n")
