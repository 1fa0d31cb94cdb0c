"""The text of a table in whichever charset a spreadsheet wrote it: UTF-8, UTF-16, Shift_JIS, EUC-JP or ISO-2022-JP."""

import codecs
import io
from typing import BinaryIO, Final

from bot.domain.text import without_invisible
from bot.parsing.charset import REPLACEMENT, decode_bytes, detect_charset

_SAMPLE_BYTES: Final = 64 * 1024
"""As much of the lines that are not ASCII is read to recognize the charset."""
_MAX_LINE: Final = 1024 * 1024
"""Bytes of a line that are decoded at once."""
_HEADER_BYTES: Final = 4096
FIELD_DELIMITERS: Final = ",\t;"
"""Spreadsheets write tabs in UTF-16, and semicolons where a comma stands in numbers."""
_TEXT_WRAPPER_CODECS: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp932": "cp932"}


class UnknownCharsetError(ValueError):
    """The bytes are text in none of the charsets."""


class TableText:
    """Lines of a binary file, which can be rewound. Reading raises `UnicodeDecodeError` or `UnknownCharsetError`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._charset = _charset_of_table(file)
        file.seek(0)
        header = find_header_line(decode_bytes(file.read(_HEADER_BYTES), self._charset))
        self.delimiter = next((delimiter for delimiter in FIELD_DELIMITERS if delimiter in header), FIELD_DELIMITERS[0])
        """What separates the fields."""
        file.seek(0)
        codec = _TEXT_WRAPPER_CODECS.get(self._charset)
        self._text = io.TextIOWrapper(file, codec, newline="") if codec else None
        self._rest = ""

    def readline(self, size: int) -> str:
        """The next line, or at most `size` characters of it; "" at the end."""
        if self._text is not None:
            return self._text.readline(size)
        if not self._rest:
            self._rest = decode_bytes(self._file.readline(_MAX_LINE), self._charset)
            if REPLACEMENT in self._rest:
                raise UnknownCharsetError
        line = self._rest[:size]
        self._rest = self._rest[len(line) :]
        return line

    def detach(self) -> None:
        """Leave the file open."""
        if self._text is not None:
            self._text.detach()


def find_header_line(text: str) -> str:
    """The first line of a table's text that is not blank; lines of separators alone are."""
    return next((line for line in without_invisible(text).splitlines() if line.strip(f'{FIELD_DELIMITERS} "')), "")


def _charset_of_table(file: BinaryIO) -> str:
    """Raises `UnknownCharsetError`."""
    file.seek(0)
    if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    file.seek(0)
    sample = b""
    while len(sample) < _SAMPLE_BYTES and (line := file.readline(_SAMPLE_BYTES)):
        if not line.isascii() or b"\x1b" in line:
            sample += line
    charset = detect_charset(sample)
    if charset is None:
        raise UnknownCharsetError
    return charset
