"""What to do with a file that a member sends: read its mails or its text at once, or offer to import it."""

import re
from enum import StrEnum
from typing import Final

from bot.errors import InvalidInputError
from bot.parsing.charset import decode_bytes
from bot.parsing.csv_table import csv_header_names
from bot.parsing.export_format import FORMAT
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES
from bot.parsing.mail_files import MAX_MAILS, ZIP_LIMITS, is_mail_file, split_mailbox
from bot.parsing.zip_files import read_zip

TABLE_EXTENSIONS: Final = (".csv", ".tsv", ".json")
TEXT_EXTENSION: Final = ".txt"
"""Discord sends a long paste as the file `message.txt`."""
ZIP_EXTENSION: Final = ".zip"
MAILBOX_EXTENSIONS: Final = (".mbox", ".mbx")
_MAIL_EXTENSIONS: Final = (".eml", ".emlx", *MAILBOX_EXTENSIONS)
_MAIL_CONTENT_TYPES: Final = ("message/rfc822", "application/mbox", "application/zip", "application/x-zip")
_TABLE_CONTENT_TYPES: Final = {
    "text/csv": ".csv", "application/csv": ".csv", "text/tab-separated-values": ".tsv", "application/json": ".json",
}  # fmt: skip
_HEAD_BYTES: Final = 4096
_EXPORT_START: Final = re.compile(rf'\s*\{{\s*"format"\s*:\s*"{FORMAT}"')


class FileKind(StrEnum):
    """How a file is taken."""

    MAIL = "mail"
    """A mail, a mailbox or a zip of these: recorded at once."""
    TEXT = "text"
    """Read like a typed line or a paste."""
    IMPORT = "import"
    """A table, an export of this bot, or many mails: offered for import."""
    UNKNOWN = "unknown"


def file_kind_by_name(name: str, content_type: str, size: int) -> FileKind:
    """The kind of a file of `size` bytes before it is read."""
    lower, is_large = name.casefold(), size > MAX_ATTACHMENT_BYTES
    if import_file_name(name, content_type) != name or lower.endswith(TABLE_EXTENSIONS):
        return FileKind.IMPORT
    if lower.endswith((ZIP_EXTENSION, *MAILBOX_EXTENSIONS)) and is_large:
        return FileKind.IMPORT
    if lower.endswith((*_MAIL_EXTENSIONS, ZIP_EXTENSION)):
        return FileKind.MAIL
    if lower.endswith(TEXT_EXTENSION):
        return FileKind.TEXT
    return FileKind.MAIL if content_type.startswith(_MAIL_CONTENT_TYPES) else FileKind.UNKNOWN


def file_kind_of_content(name: str, kind: FileKind, data: bytes) -> FileKind:
    """The kind of a file that was read; `kind` is that by its name."""
    match kind:
        case FileKind.TEXT:
            return FileKind.IMPORT if table_extension(data) else kind
        case FileKind.MAIL if name.casefold().endswith(ZIP_EXTENSION):
            return FileKind.IMPORT if _has_tables_or_many_mails(data) else kind
        case FileKind.MAIL if name.casefold().endswith(MAILBOX_EXTENSIONS):
            return FileKind.IMPORT if sum(1 for _ in split_mailbox(data)) > MAX_MAILS else kind
    return kind


def import_file_name(name: str, content_type: str, data: bytes = b"") -> str:
    """The name by which a file is imported: its own, with the extension that its type or content says."""
    if name.casefold().endswith((*TABLE_EXTENSIONS, ZIP_EXTENSION, *_MAIL_EXTENSIONS)):
        return name
    if extension := table_extension(data):
        return name + extension
    return name + ("" if "." in name else _TABLE_CONTENT_TYPES.get(content_type.partition(";")[0].strip(), ""))


def table_extension(data: bytes) -> str | None:
    """The extension of a table or an export of this bot that has another name; None for any other content."""
    if _EXPORT_START.match(decode_bytes(data[:_HEAD_BYTES]).removeprefix("\ufeff")):
        return ".json"
    header = csv_header_names(data)
    return ".csv" if {"thread", "direction", "sent_at"} <= header or {"date", "method", "reward"} <= header else None


def _has_tables_or_many_mails(data: bytes) -> bool:
    """Whether a zip is to be imported; False for one that cannot be read, which is said when its mails are."""
    mails = 0
    try:
        for name, content in read_zip(data, ZIP_LIMITS):
            if import_file_name(name, "", content).casefold().endswith(TABLE_EXTENSIONS):
                return True
            if is_mail_file(name, content):
                mails += sum(1 for _ in split_mailbox(content))
    except InvalidInputError as error:
        return error.message_id in {"import-too-many-files", "import-unpacked-too-large"}
    return mails > MAX_MAILS
