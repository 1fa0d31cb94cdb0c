"""The mails in a file that a member sends: one mail, a mailbox (mbox), or a zip of these."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from bot.errors import InvalidInputError
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES
from bot.parsing.mail_headers import parse_header_fields
from bot.parsing.zip_files import ZIP_START, ZipLimits, read_zip

MAX_MAILS: Final = 50
"""Mails in one file."""
ZIP_LIMITS: Final = ZipLimits(
    max_files=200, max_file_bytes=MAX_ATTACHMENT_BYTES, max_total_bytes=8 * MAX_ATTACHMENT_BYTES
)
_MAILBOX_START: Final = b"From "
_MAILBOX_LINE: Final = re.compile(
    rb"(?:(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*|^From \S[^\n]*\d{4}(?:[ \t]+(?:[+-]\d{4}|[A-Z]{3,4}))?[ \t]*\r?)\n"
    rb"(?=[!-9;-~]+[ \t]*:|>From )",
    re.MULTILINE,
)
"""The line before a mail's header: behind a blank one, or with a year at its end. Any other is of a mail's text."""
_MAIL_NAMES: Final = (".eml", ".emlx", ".mbox", ".mbx")
_HEAD_BYTES: Final = 32 * 1024
_SENT_FIELDS: Final = {"date", "subject", "received", "message-id"}


def split_mails(data: bytes) -> Iterator[bytes]:
    """The bytes of each mail. Raises `InvalidInputError`: too many, or a zip that cannot be read."""
    for number, mail in enumerate(_mails_of_file(data)):
        if number >= MAX_MAILS:
            raise InvalidInputError("parsing-too-many-mails", most=MAX_MAILS)
        yield mail


def _mails_of_file(data: bytes) -> Iterator[bytes]:
    if data.startswith(ZIP_START):
        for name, content in read_zip(data, ZIP_LIMITS):
            if is_mail_file(name, content):
                yield from split_mailbox(content)
        return
    yield from split_mailbox(data)


def is_mail_file(name: str, data: bytes) -> bool:
    """Whether a file of a zip has mails, by its name or, as in a Maildir, by the header that it begins with."""
    if name.casefold().endswith(_MAIL_NAMES):
        return True
    fields = {field for field, _ in parse_header_fields(data[:_HEAD_BYTES])}
    return "from" in fields and not _SENT_FIELDS.isdisjoint(fields)


def split_mailbox(data: bytes) -> Iterator[bytes]:
    """The mails of an mbox file; any other file as it is."""
    box = data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    if not box.startswith(_MAILBOX_START):
        yield data
        return
    end: int | None = None
    for match in _MAILBOX_LINE.finditer(box):
        if end is not None:
            yield box[end : match.start()]
        end = match.end()
    if end is not None:
        yield box[end:]
