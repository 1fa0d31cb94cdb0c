"""A mail with its parts as Python's library reads it, in bounded time."""

import re
from email import message_from_bytes
from email.message import Message
from typing import Final

from bot.parsing.charset import decode_bytes
from bot.parsing.mail_headers import normalize_mail
from bot.parsing.quoted_header import MAX_HEADER_LENGTH

MAX_LINES: Final = 60_000
MAX_BOUNDARIES: Final = 20
MAX_HEADER_LINES: Final = 2000
"""Lines of a file before its first blank one."""
MAX_PART_LINES: Final = 1000
"""Lines that begin as one between two parts does."""

# The time in which Python reads these grows with the square of their length.
_STRUCTURE: Final = re.compile(rb"^content-[a-z-]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_BOUNDARY: Final = re.compile(rb"boundary[ \t]*\*?[0-9]*\*?[ \t]*=", re.IGNORECASE)
_CONTINUATION: Final = re.compile(rb";\s*([^\s;=*]+)\*([0-9]*)")


def parse_mail_structure(data: bytes) -> Message | None:
    """The mail; None if it has no header or cannot be read in good time.

    That is one of very many lines, boundaries or parameters, and one with a parameter over which the library fails.

    Raises what the library raises: `MessageError`, `ValueError`, `LookupError`, `RecursionError`.
    """
    data = normalize_mail(data)
    if (
        data.count(b"\n") > MAX_LINES
        or data.partition(b"\n\n")[0].count(b"\n") > MAX_HEADER_LINES
        or data.count(b"\n--") > MAX_PART_LINES
        or len(_BOUNDARY.findall(data)) > MAX_BOUNDARIES
        or any(len(match[0]) > MAX_HEADER_LENGTH or _mixes_numbering(match[0]) for match in _STRUCTURE.finditer(data))
    ):
        return None
    message = message_from_bytes(data)
    return message if any(message.keys()) else None


def _mixes_numbering(field: bytes) -> bool:
    """Whether the parts of a parameter are partly numbered (RFC 2231): the library compares numbers with none."""
    parts = {(name.lower(), number.isdigit()) for name, number in _CONTINUATION.findall(field)}
    return any((name, not is_numbered) in parts for name, is_numbered in parts)


def decode_mail_part(part: Message) -> str:
    """The text of a part; "" of one that has others."""
    data = part.get_payload(decode=True)
    return decode_bytes(data, part.get_content_charset()) if isinstance(data, bytes) else ""
