"""The header fields of a mail, without its body: names in lower case, lines joined, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from email.utils import getaddresses
from typing import Final

from bot.parsing.charset import decode
from bot.parsing.encoded_words import decode_words, unfold

MAX_HEADER_BYTES: Final = 256 * 1024
"""Of all fields of a mail together; what follows is not read."""
MAX_FIELD_LENGTH: Final = 8000
MAX_ADDRESSES: Final = 100
"""Of one field."""

Fields = Sequence[tuple[str, str]]
"""The fields of a mail from the topmost: the name in lower case, and the text as it was sent."""

_END: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD: Final = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_ADDRESS: Final = re.compile(r"[^\s@<>\"(),:;]+@[A-Za-z0-9.-]+")


def header_fields(data: bytes) -> Fields:
    """The fields before the first blank line."""
    head = data[:MAX_HEADER_BYTES]
    end = _END.search(head)
    text = decode(head[: end.start()] if end else head).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return list(_split(text.split("\n")))


def _split(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    field: list[str] = []
    for line in (*lines, ""):
        if field and line[:1] in {" ", "\t"}:
            field.append(line)
            continue
        if match := _FIELD.fullmatch("\n".join(field)):
            yield match[1].lower(), match[2][:MAX_FIELD_LENGTH]
        field = [line]


def values(fields: Fields, *names: str) -> list[str]:
    """The fields of these names, from the topmost, each in one line."""
    return [unfold(text).strip() for name, text in fields if name in names]


def addresses(text: str) -> list[str]:
    """The addresses of a field in lower case; a name beside an address is none, whatever it contains."""
    found = [address.strip().strip("'\"").lower() for _, address in getaddresses([text[:MAX_FIELD_LENGTH]])]
    return [address for address in found[:MAX_ADDRESSES] if _ADDRESS.fullmatch(address)]


def decoded(text: str) -> str:
    """A field with its encoded words decoded."""
    return decode_words(text)


def domain_of(address: str) -> str:
    """The domain of an address in lower case."""
    return address.rpartition("@")[2].rstrip(".").lower()
