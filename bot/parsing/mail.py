"""Mails: an .eml file, or the header quoted in a forwarded or pasted text. Only subject, sender and date are kept."""

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
from bot.parsing.times.resolver import MAX_LENGTH, parse_time

MAX_DEPTH: Final = 4
"""Mails inside a mail that are read."""
MAX_HEADER_LENGTH: Final = 2000
MAX_LINES: Final = 60_000
MAX_BOUNDARIES: Final = 20
MAX_HEADER_LINES: Final = 500
"""Lines of a file before its first blank one."""
MAX_PART_LINES: Final = 1000
"""Lines that begin as one between two parts does."""
MAX_QUOTED_HEADERS: Final = 20
"""Quoted mail headers that are read in one text."""
MAX_HEADERS: Final = 100
"""Mail headers that are read in one file."""


@dataclass(frozen=True, slots=True)
class MailHeader:
    """The header of one mail. `sender` None: the header names none."""

    subject: str
    sender: str | None
    sent_at: ParsedTime | None
    source: MessageSource
    looks_final: bool = False
    """Whether all its text reads like the end of a conversation."""


_LABELS: Final = {
    "subject": re.compile(r"^(?:subject|件名)\s*[:：]\s*(.*)$", re.IGNORECASE),
    "sender": re.compile(r"^(?:from|差出人|送信者|送信元)\s*[:：]\s*(.*)$", re.IGNORECASE),
    "date": re.compile(r"^(?:date|sent|日付|日時|送信日時|送信日|送信済み)\s*[:：]\s*(.*)$", re.IGNORECASE),
    "other": re.compile(r"^(?:to|cc|bcc|reply-to|宛先|返信先|重要度|importance)\s*[:：]\s*(.*)$", re.IGNORECASE),
}
# The time in which Python reads these grows with the square of their length.
_STRUCTURE: Final = re.compile(rb"^content-[a-z-]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_BOUNDARY: Final = re.compile(rb"boundary[ \t]*\*?[0-9]*\*?[ \t]*=", re.IGNORECASE)
_NO_CHARSET: Final = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
"""Codecs that no mail uses; the first two are slow on crafted input."""
_QUOTED: Final = re.compile(r"^[\s>|│]*")
_BOLD: Final = re.compile(r"\*+")
_LANCERS: Final = re.compile(r"@(?:[a-z0-9-]+\.)*lancers\.(?:co\.)?jp$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+")


def is_lancers(sender: str) -> bool:
    """Whether the last address in `sender` is of Lancers; a look-alike domain is not."""
    addresses = _ADDRESS.findall(sender[:MAX_HEADER_LENGTH])
    return bool(addresses) and _LANCERS.search(addresses[-1]) is not None


def has_address(sender: str) -> bool:
    """Whether `sender` contains an address; a name alone does not identify the sender."""
    return _ADDRESS.search(sender[:MAX_HEADER_LENGTH]) is not None


def parse_quoted_headers(text: str, *, now: datetime, zone: tzinfo) -> list[MailHeader]:
    """The mail headers quoted in a text, from the outermost to the innermost."""
    return [
        MailHeader(
            block["subject"],
            block.get("sender"),
            _parse_quoted_date(block.get("date"), now, zone),
            MessageSource.QUOTED,
        )
        for block in islice(_header_blocks(text), MAX_QUOTED_HEADERS)
        if "subject" in block and len(block) > 1
    ]


def _header_blocks(text: str) -> Iterator[dict[str, str]]:
    """The labelled lines that adjoin, by label; an indented line continues the line before it."""
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
        if match := pattern.match(line[:MAX_HEADER_LENGTH]):
            return name, match[1].strip()
    return None, ""


def _parse_quoted_date(text: str | None, now: datetime, zone: tzinfo) -> ParsedTime | None:
    if not text:
        return None
    try:
        return parse_time(text[:MAX_LENGTH], now=now, zone=zone)
    except TimeParseError:
        return None


def parse_eml(data: bytes, *, now: datetime, zone: tzinfo) -> MailHeader | None:
    """The header of the mail in a file; of a forwarded mail, that of the original. None when the file is no mail.

    A file that would take long to read (very many lines, boundaries or parameters) is not read: None.
    """
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if (
        data.count(b"\n") > MAX_LINES
        or data.partition(b"\n\n")[0].count(b"\n") > MAX_HEADER_LINES
        or data.count(b"\n--") > MAX_PART_LINES
        or len(_BOUNDARY.findall(data)) > MAX_BOUNDARIES
        or any(len(match[0]) > MAX_HEADER_LENGTH for match in _STRUCTURE.finditer(data))
    ):
        return None
    try:
        message = message_from_bytes(data)
        if not any(message.keys()):
            return None
        headers = list(islice(_collect_headers(message, now, zone, 0), MAX_HEADERS))
    except (MessageError, ValueError, LookupError, RecursionError):
        return None
    for header in reversed(headers):
        if header.sender is not None and is_lancers(header.sender):
            return header
    return headers[0] if headers else None


def _collect_headers(message: Message, now: datetime, zone: tzinfo, depth: int) -> Iterator[MailHeader]:
    """The headers of a mail, of the mails inside it, and of those that its text quotes, from the outermost."""
    subject, sender = _header(message, "Subject"), _header(message, "From")
    if subject or sender:
        parts = [_text(part) for part in _parts(message) if part.get_content_type() == "text/plain"]
        texts = [text for text in parts if text.strip()]
        looks_final = bool(texts) and all(map(is_closing_message, texts))
        yield MailHeader(subject, sender or None, _date(message), MessageSource.MAIL, looks_final)
    if depth >= MAX_DEPTH:
        return
    for part in _parts(message):
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            for inner in payload if isinstance(payload, list) else []:
                if isinstance(inner, Message):
                    yield from _collect_headers(inner, now, zone, depth + 1)
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
    return _decode(data, part.get_content_charset()) if isinstance(data, bytes) else ""


def _decode(data: bytes, charset: str | None) -> str:
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
        raw = _decode(raw.encode("utf-8", "surrogateescape"), None)  # some mailers do not encode a header
    except (MessageError, ValueError, LookupError):
        return ""
    raw = " ".join(raw[: 4 * MAX_HEADER_LENGTH].split())
    try:
        # Adjoining words of one charset are joined before decoding: some mailers split a character between them.
        joined: list[tuple[bytes, str | None]] = []
        for part, charset in decode_header(raw):
            data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
            if joined and joined[-1][1] == charset:
                joined[-1] = (joined[-1][0] + data, charset)
            else:
                joined.append((data, charset))
        return "".join(_decode(data, charset) for data, charset in joined).strip()
    except (MessageError, ValueError, LookupError):
        return raw


def _date(message: Message) -> ParsedTime | None:
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
        if at.tzinfo is None:
            return None  # "-0000": the zone is not known
        return ParsedTime(at.astimezone(UTC), Precision.SECOND)
    except (ValueError, TypeError, OverflowError, IndexError, MessageError):
        return None
