"""Mail: an .eml file, or the header that a forward or a paste quotes. Only subject, sender and date are read."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.parsing.closing_phrases import is_closing_message
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time

MAX_DEPTH: Final = 4
MAX_HEADER_LENGTH: Final = 2000
MAX_LINES: Final = 60_000
MAX_BOUNDARIES: Final = 40
MAX_QUOTE_DEPTH: Final = 20
"""Mail headers that one text quotes."""
MAX_HEADERS: Final = 100


@dataclass(frozen=True, slots=True)
class MailHeader:
    """What is read of one mail. `sender` None: no sender is seen."""

    subject: str
    sender: str | None
    sent_at: ParsedTime | None
    source: MessageSource
    looks_final: bool = False
    """All that is written in it reads like the end of a conversation."""


_LABELS: Final = {
    "subject": re.compile(r"^(?:subject|件名)\s*[:：]\s*(.*)$", re.IGNORECASE),
    "sender": re.compile(r"^(?:from|差出人|送信者|送信元)\s*[:：]\s*(.*)$", re.IGNORECASE),
    "date": re.compile(r"^(?:date|sent|日付|日時|送信日時|送信日|送信済み)\s*[:：]\s*(.*)$", re.IGNORECASE),
    "other": re.compile(r"^(?:to|cc|bcc|reply-to|宛先|返信先|重要度|importance)\s*[:：]\s*(.*)$", re.IGNORECASE),
}
# Python reads these in a time that grows with the square of their length.
_STRUCTURE: Final = re.compile(rb"^content-[a-z-]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_BOUNDARY: Final = re.compile(rb"boundary[ \t]*\*?[0-9]*\*?[ \t]*=", re.IGNORECASE)
_NO_CHARSET: Final = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
"""Codecs that no mail is written in; the first two are slow on purpose-made input."""
_QUOTED: Final = re.compile(r"^[\s>|│]*")
_BOLD: Final = re.compile(r"\*+")
_LANCERS: Final = re.compile(r"@(?:[a-z0-9-]+\.)*lancers\.(?:co\.)?jp$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+")


def is_lancers(sender: str) -> bool:
    """Whether an address is of Lancers; a look-alike domain is not."""
    addresses = _ADDRESS.findall(sender[:MAX_HEADER_LENGTH])
    return bool(addresses) and all(_LANCERS.search(each) for each in addresses[-1:])


def has_address(sender: str) -> bool:
    """Whether an address is seen at all; a name alone decides nothing."""
    return _ADDRESS.search(sender[:MAX_HEADER_LENGTH]) is not None


def parse_quoted_headers(text: str, *, now: datetime, zone: tzinfo) -> list[MailHeader]:
    """Every mail header in a text, from the outermost to the innermost."""
    return [
        MailHeader(
            block["subject"],
            block.get("sender"),
            _parse_quoted_date(block.get("date"), now, zone),
            MessageSource.QUOTED,
        )
        for block in islice(_header_blocks(text), MAX_QUOTE_DEPTH)
        if "subject" in block and len(block) > 1
    ]


def _header_blocks(text: str) -> Iterator[dict[str, str]]:
    """Runs of labelled lines; a line without a label goes on the one before it, an empty one ends the run."""
    block: dict[str, str] = {}
    last: str | None = None
    for raw in text.splitlines():
        line = _BOLD.sub("", _QUOTED.sub("", raw, count=1)).strip()
        label, value = _split_label(line)
        if label is not None and label in block and label != "other":
            yield block
            block, last = {}, None
        if label is not None:
            block[label] = value
            last = label
        elif not line:
            if block:
                yield block
            block, last = {}, None
        elif last is not None and raw[:1] in {" ", "\t"}:
            if len(block[last]) < MAX_HEADER_LENGTH:
                block[last] += " " + line[:MAX_HEADER_LENGTH]
        elif block and "subject" in block:
            yield block
            block, last = {}, None
    if block:
        yield block


def _split_label(line: str) -> tuple[str | None, str]:
    for name, pattern in _LABELS.items():
        if found := pattern.match(line[:MAX_HEADER_LENGTH]):
            return name, found[1].strip()
    return None, ""


def _parse_quoted_date(written: str | None, now: datetime, zone: tzinfo) -> ParsedTime | None:
    if not written:
        return None
    try:
        return parse_time(written[:200], now=now, zone=zone)
    except TimeParseError:
        return None


def parse_eml(data: bytes, *, now: datetime, zone: tzinfo) -> MailHeader | None:
    """The mail that a file holds; of one that was forwarded, the original. None when it is no mail.

    One that is made to take long (a great many lines, boundaries or parameters) is none either.
    """
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if (
        data.count(b"\n") > MAX_LINES
        or len(_BOUNDARY.findall(data)) > MAX_BOUNDARIES
        or any(len(each[0]) > MAX_HEADER_LENGTH for each in _STRUCTURE.finditer(data))
    ):
        return None
    try:
        message = message_from_bytes(data)
        if not any(message.keys()):
            return None
        letters = list(islice(_collect_headers(message, now, zone, 0), MAX_HEADERS))
    except (MessageError, ValueError, LookupError, RecursionError):
        return None
    for letter in reversed(letters):
        if letter.sender is not None and is_lancers(letter.sender):
            return letter
    return letters[0] if letters else None


def _collect_headers(message: Message, now: datetime, zone: tzinfo, depth: int) -> Iterator[MailHeader]:
    subject, sender = _header(message, "Subject"), _header(message, "From")
    if subject or sender:
        plain = [_text(part) for part in _parts(message) if part.get_content_type() == "text/plain"]
        closing = any(each.strip() for each in plain) and all(
            is_closing_message(each) for each in plain if each.strip()
        )
        yield MailHeader(subject, sender or None, _date(message), MessageSource.MAIL, closing)
    if depth >= MAX_DEPTH:
        return
    for part in _parts(message):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            for each in inner if isinstance(inner, list) else []:
                if isinstance(each, Message):
                    yield from _collect_headers(each, now, zone, depth + 1)
        elif part.get_content_type() == "text/plain":
            yield from parse_quoted_headers(_text(part), now=now, zone=zone)


def _parts(message: Message) -> Iterator[Message]:
    """The parts of this mail, not those of a mail inside it."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    payload = message.get_payload()
    for part in payload if isinstance(payload, list) else []:
        if isinstance(part, Message):
            yield from _parts(part)


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    return _decoded(data, part.get_content_charset()) if isinstance(data, bytes) else ""


def _decoded(data: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "iso-2022-jp", "cp932"):
        try:
            if name and codecs.lookup(name).name not in _NO_CHARSET:
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    try:
        raw = next((value for key, value in message.raw_items() if key.casefold() == name.casefold()), "")
        raw = _decoded(raw.encode("utf-8", "surrogateescape"), None)  # some mailers write a header without encoding it
    except (MessageError, ValueError, LookupError):
        return ""
    raw = " ".join(raw[: 4 * MAX_HEADER_LENGTH].split())
    try:
        # Adjoining words of one charset are joined before they are decoded: some mailers split a letter between them.
        joined: list[tuple[bytes, str | None]] = []
        for part, charset in decode_header(raw):
            data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
            if joined and joined[-1][1] == charset:
                joined[-1] = (joined[-1][0] + data, charset)
            else:
                joined.append((data, charset))
        return "".join(_decoded(data, charset) for data, charset in joined).strip()
    except (MessageError, ValueError, LookupError):
        return raw


def _date(message: Message) -> ParsedTime | None:
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
        if at.tzinfo is None:
            return None  # "-0000": the zone is not said
        return ParsedTime(at.astimezone(UTC), Precision.SECOND)
    except (ValueError, TypeError, OverflowError, IndexError, MessageError):
        return None
