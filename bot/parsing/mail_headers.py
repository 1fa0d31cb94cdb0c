"""The header fields of a mail, without its body, and the addresses in them; in bounded time."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

MAX_HEADER_BYTES: Final = 256 * 1024
"""Bytes of the header that are read; what follows is not."""

Fields = Sequence[tuple[str, str]]
"""Names in lower case and unfolded values, from the topmost field."""

HEADER_FIELD: Final = re.compile(rb"[!-9;-~]+[ \t]*:")
"""The beginning of a header field, of which any can be the first."""
_LINES_BEFORE_HEADER: Final = re.compile(
    rb"\A(?:>?From [^\n]*\n)*(?:(?!%b)[^\n]*\n+(?=%b))?" % (HEADER_FIELD.pattern, HEADER_FIELD.pattern)
)
"""Lines that a program which delivers mails puts there, and one of another one, such as the length (`.emlx`)."""
_FIELD: Final = re.compile(r"([!-9;-~]+)[ \t]*:(.*)")
_LETTER: Final = re.compile(r"\\.|[^\\]", re.DOTALL)
"""A letter, or one with a backslash before it."""


def normalize_mail(data: bytes) -> bytes:
    """A mail from its first header field on, with line feeds at the ends of its lines; UTF-16 as UTF-8.

    A carriage return before a line's end is one too many, not the end of a line of its own.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _LINES_BEFORE_HEADER.sub(b"", data.lstrip(b"\n"))


def parse_header_fields(data: bytes) -> Fields:
    """The fields of a mail. What follows a line that is no field is not read."""
    text = normalize_mail(data[:MAX_HEADER_BYTES]).decode("utf-8", "replace")
    fields: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        if line.startswith((" ", "\t")) and fields:
            if not line.strip():
                break
            fields[-1][1].append(line)
        elif match := _FIELD.fullmatch(line):
            fields.append((match[1].lower(), [match[2]]))
        else:
            break
    return [(name, " ".join(parts)) for name, parts in fields]


def header_field_values(fields: Fields, *names: str) -> Iterator[str]:
    """The values of the fields of these names, from the topmost."""
    return (value for name, value in fields if name in names)


def header_field_addresses(texts: Iterable[str]) -> list[str]:
    """The addresses of some fields in lower case; none from a display name, a comment or a group's name."""
    return [address for value in texts for address in _addresses_of_field(strip_header_comments(value))]


def domain_of_address(address: str) -> str:
    """The domain of an address that is in lower case."""
    return address.rpartition("@")[2]


def strip_header_comments(value: str) -> str:
    """The text without its comments, which can contain others; a quoted string has none."""
    kept: list[str] = []
    depth, is_quoted = 0, False
    for match in _LETTER.finditer(value):
        piece = match[0]
        if piece == '"' and not depth:
            is_quoted = not is_quoted
        elif piece == "(" and not is_quoted:
            depth += 1
        elif piece == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(piece)
    return "".join(kept)


def _addresses_of_field(value: str) -> Iterator[str]:
    bare: list[str] = []
    inside: list[str] | None = None
    was_angled = is_quoted = False
    for match in _LETTER.finditer(value + ","):
        piece = match[0]
        target = bare if inside is None else inside
        if piece == '"':
            is_quoted = not is_quoted
        elif is_quoted or len(piece) > 1:
            target.append(piece[-1])
        elif piece == "<":
            inside, was_angled = [], True
        elif piece == ">" and inside is not None:
            yield from _parse_address("".join(inside))
            inside = None
        elif piece in ",;" and inside is None:
            if not was_angled:
                yield from _parse_address("".join(bare))
            bare, was_angled = [], False
        elif piece == ":":
            target.clear()  # the name of a group, or a route
        else:
            target.append(piece)


def _parse_address(text: str) -> Iterator[str]:
    local, _, domain = text.strip().lower().rpartition("@")
    if local and domain and not re.search(r"\s", local + domain):
        yield f"{local}@{domain}"
