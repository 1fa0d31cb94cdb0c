"""The text of a mail's header field: its lines joined, its encoded words (`=?utf-8?B?…?=`) decoded."""

import base64
import binascii
import quopri
import re
import unicodedata
from typing import Final

from bot.parsing.charset import decode_bytes

_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]*)\?=")
_WIDE: Final = frozenset({"W", "F"})


def decode_encoded_words(text: str) -> str:
    """The text with its encoded words decoded. White space between two of them is none of the text."""
    texts: list[str] = []
    # Adjoining words of one charset are decoded together: some mailers split a character between them.
    charset, data = "", b""
    position = 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if data and (between.strip() or match[1].casefold() != charset):
            texts.append(decode_bytes(data, charset))
            data = b""
        if between.strip() or (position == 0 and between):
            texts.append(between)
        charset, data = match[1].casefold(), data + _encoded_word_bytes(match[2], match[3])
        position = match.end()
    return "".join((*texts, decode_bytes(data, charset) if data else "", text[position:])).strip()


def _encoded_word_bytes(encoding: str, text: str) -> bytes:
    plain = text.encode("ascii", "replace")
    if encoding in "qQ":
        return quopri.decodestring(plain, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", plain)
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def join_wrapped_lines(left: str, right: str) -> str:
    """Two lines of one text. Where it was broken between wide characters, as in Japanese, no space is added."""
    left, right = left.rstrip(" \t"), right.lstrip(" \t")
    if left and right and all(unicodedata.east_asian_width(letter) in _WIDE for letter in (left[-1], right[0])):
        return left + right
    return f"{left} {right}".strip()


def unfold_header_field(text: str) -> str:
    """A field of several lines as one."""
    lines = text.splitlines() or [""]
    joined = lines[0].strip()
    for line in lines[1:]:
        joined = join_wrapped_lines(joined, line)
    return joined
