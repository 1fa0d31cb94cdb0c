"""For whom a mail is and who sent it, as its headers or the mail server say; nothing of its text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.types import MailToken

MAX_HEADER_BYTES: Final = 256 * 1024
"""Of the header block that are read."""
_DELIVERY_FIELDS: Final = frozenset({"delivered-to", "x-original-to", "envelope-to", "x-delivered-to"})
_FIELD: Final = re.compile(r"([!-9;-~]+)[ \t]*:(.*)")
_WORD: Final = re.compile(r"\\.|[^\\]", re.DOTALL)
_RECEIVED_FOR: Final = re.compile(r"(?:^|\s)for\s+<([^<>\s]*)>", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEnvelope:
    """Who sent a mail to whom."""

    tokens: frozenset[MailToken]
    """The tokens of the mailbox's addresses that decide for whom the mail is, in lower case; usually one."""
    sender_domain: str
    """The domain of the From field in lower case; empty if there is not exactly one address."""
    envelope_sender_domain: str
    """The domain of the envelope's sender (MAIL FROM, else the topmost Return-Path); empty if there is none."""
    recipients: tuple[str, ...]
    """The addresses of the To field, in lower case."""
    is_automatic: bool
    """A delivery report, an automatic reply, or a mail by the mailbox itself: nothing of it is read."""


def parse_envelope(
    data: bytes, *, mailbox: str, envelope_recipient: str | None = None, envelope_sender: str | None = None
) -> MailEnvelope:
    """Read the headers of a mail; none raises an error.

    `mailbox`: the operator's address without a token. `envelope_recipient`: where the mail server says for whom the
    mail is, no header does.
    """
    fields = _header_fields(data)
    authors = _addresses(_values(fields, "from"))
    if envelope_sender is None:
        envelope_sender = next(_values(fields, "return-path"), "")
    own = mailbox.lower()
    return MailEnvelope(
        tokens=_deciding_tokens(fields, own, envelope_recipient),
        sender_domain=_domain(authors[0]) if len(authors) == 1 else "",
        envelope_sender_domain=_domain(next(iter(_addresses([envelope_sender])), "")),
        recipients=tuple(_addresses(_values(fields, "to"))),
        is_automatic=_is_automatic(fields)
        or any(_is_own(address, own) for address in (*authors, *_addresses(_values(fields, "sender")))),
    )


def _header_fields(data: bytes) -> list[tuple[str, str]]:
    """Names in lower case and unfolded values, from the top. What follows a line that is no field is not read."""
    text = data[:MAX_HEADER_BYTES].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    fields: list[tuple[str, list[str]]] = []
    for number, line in enumerate(text.split("\n")):
        if line.startswith((" ", "\t")) and fields:
            if not line.strip():
                break
            fields[-1][1].append(line)
        elif match := _FIELD.fullmatch(line):
            fields.append((match[1].lower(), [match[2]]))
        elif not (number == 0 and line.startswith("From ")):
            break
    return [(name, " ".join(parts)) for name, parts in fields]


def _values(fields: Iterable[tuple[str, str]], *names: str) -> Iterator[str]:
    return (value for name, value in fields if name in names)


def _deciding_tokens(
    fields: list[tuple[str, str]], mailbox: str, envelope_recipient: str | None
) -> frozenset[MailToken]:
    if envelope_recipient is not None:
        return _tokens(_addresses([envelope_recipient]), mailbox)
    for value in (*_values(fields, *_DELIVERY_FIELDS), *_values(fields, "x-forwarded-to")):
        if tokens := _tokens(_addresses([value]), mailbox):
            return tokens
    received = _RECEIVED_FOR.findall(_without_comments(next(_values(fields, "received"), "")))
    return _tokens(_addresses(received), mailbox) or _tokens(_addresses(_values(fields, "to", "cc")), mailbox)


def _tokens(addresses: Iterable[str], mailbox: str) -> frozenset[MailToken]:
    box, _, domain = mailbox.rpartition("@")
    tokens: set[MailToken] = set()
    for address in addresses:
        local, _, host = address.rpartition("@")
        if host == domain and local.startswith(box + "+") and _TOKEN.fullmatch(token := local[len(box) + 1 :]):
            tokens.add(MailToken(token))
    return frozenset(tokens)


def _is_own(address: str, mailbox: str) -> bool:
    local, _, host = address.rpartition("@")
    box, _, domain = mailbox.rpartition("@")
    return host == domain and (local == box or local.startswith(box + "+"))


def _is_automatic(fields: list[tuple[str, str]]) -> bool:
    kinds = [_without_comments(value).partition(";")[0].strip().lower() for value in _values(fields, "content-type")]
    submitted = [
        _without_comments(value).partition(";")[0].strip().lower() for value in _values(fields, "auto-submitted")
    ]
    return "multipart/report" in kinds or "auto-replied" in submitted


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _without_comments(value: str) -> str:
    """The text without its comments, which can contain others; a quoted string has none."""
    kept: list[str] = []
    depth, is_quoted = 0, False
    for match in _WORD.finditer(value):
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


def _addresses(values: Iterable[str]) -> list[str]:
    """The addresses of some fields in lower case; none from a display name, a comment or a group's name."""
    return [address for value in values for address in _addresses_of_field(_without_comments(value))]


def _addresses_of_field(value: str) -> Iterator[str]:
    bare: list[str] = []
    inside: list[str] | None = None
    was_angled = is_quoted = False
    for match in _WORD.finditer(value + ","):
        piece = match[0]
        target = bare if inside is None else inside
        if piece == '"':
            is_quoted = not is_quoted
        elif is_quoted or len(piece) > 1:
            target.append(piece[-1])
        elif piece == "<":
            inside, was_angled = [], True
        elif piece == ">" and inside is not None:
            yield from _address("".join(inside))
            inside = None
        elif piece in ",;" and inside is None:
            if not was_angled:
                yield from _address("".join(bare))
            bare, was_angled = [], False
        elif piece == ":":
            target.clear()  # the name of a group, or a route
        else:
            target.append(piece)


def _address(text: str) -> Iterator[str]:
    local, _, domain = text.strip().lower().rpartition("@")
    if local and domain and not re.search(r"\s", local + domain):
        yield f"{local}@{domain}"
