"""Mails as files. Of each only the header is kept, and whether its text reads like the end of a conversation."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from email.errors import MessageError
from email.message import Message
from hashlib import sha256
from itertools import islice
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime
from bot.parsing.charset import decode_bytes
from bot.parsing.closing_phrases import is_closing_message
from bot.parsing.encoded_words import decode_encoded_words, unfold_header_field
from bot.parsing.html_text import html_to_text
from bot.parsing.mail_date import parse_mail_date, parse_quoted_date
from bot.parsing.mail_headers import HEADER_FIELD, normalize_mail
from bot.parsing.mail_sender import (
    MailSender,
    is_notification_of_rewritten_sender,
    parse_quoted_sender,
    parse_sender_field,
)
from bot.parsing.mail_structure import decode_mail_part, parse_mail_structure
from bot.parsing.notification import has_known_wording, is_forwarded_notification
from bot.parsing.other_sites import site_of_sender
from bot.parsing.page_links import find_lancers_page
from bot.parsing.quoted_header import MAX_HEADER_LENGTH, MAX_MAILS_AT_ONCE, QuotedHeader, quoted_headers

MAX_DEPTH: Final = 4
"""Mails inside a mail that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHeader:
    """The header of one mail."""

    subject: str
    sender: MailSender
    sent_at: ParsedTime | None
    """None: unreadable, or not named."""
    source: MessageSource
    is_dated: bool = False
    """Whether a date is written, readable or not."""
    fingerprint: str = ""
    """Tells this mail from another one with the same subject; "": nothing does."""
    looks_final: bool = False
    """Whether all its text reads like the end of a conversation."""
    is_uncertain: bool = False
    """Whether it could be part of a quotation in another mail, or its sender was rewritten; the member confirms it."""
    page: str | None = None
    """The path of the page on www.lancers.jp that it links to."""
    lines_before: int = 0
    """Lines of the text that quotes it before the first header there."""
    other_site: str | None = None
    """The name of the other site that sent it."""


_FILE_TYPES: Final = frozenset({"application/octet-stream", "application/x-eml", "application/eml"})


def parse_quoted_mails(text: str, *, now: datetime, zone: tzinfo) -> list[MailHeader]:
    """The mails whose headers a text contains: those of Lancers that no mail of Lancers quotes, else the first.

    A mail of Lancers can contain what a client quotes; a further header could be such a quotation if it is older than
    one before it, or if the date of that is not known.
    """
    if ":" not in text and "：" not in text:  # behind every label
        return []
    headers = quoted_headers(text)
    chosen: list[MailHeader] = []
    depth = 0
    for header in headers:
        mail = _header_of_quoted_mail(header, headers[0].line, now, zone)
        if mail.sender is not MailSender.LANCERS or (chosen and header.depth > depth):
            continue
        if not chosen:
            depth = header.depth
        is_uncertain = mail.is_uncertain or (
            mail.sent_at is not None
            and any(before.sent_at is None or mail.sent_at.at < before.sent_at.at for before in chosen)
        )
        chosen.append(replace(mail, is_uncertain=is_uncertain))
    if len(chosen) == 1:
        return [replace(chosen[0], page=find_lancers_page([text]))]
    return chosen or [_header_of_quoted_mail(header, header.line, now, zone) for header in headers[:1]]


def _header_of_quoted_mail(header: QuotedHeader, lines_before: int, now: datetime, zone: tzinfo) -> MailHeader:
    values = header.values
    subject, sender = decode_encoded_words(values["subject"]), decode_encoded_words(values.get("sender", ""))
    date, kind = values.get("date"), parse_quoted_sender(sender)
    is_of_forward = kind is MailSender.OTHER and is_forwarded_notification(subject)  # its date is of the forward
    is_rewritten = (
        kind is MailSender.OTHER and not is_of_forward and is_notification_of_rewritten_sender(subject, sender)
    )
    if is_of_forward:
        kind = MailSender.UNKNOWN
    elif is_rewritten:
        kind = MailSender.LANCERS
    return MailHeader(
        subject=subject,
        sender=kind,
        sent_at=parse_quoted_date(date, now=now, zone=zone) if date and not is_of_forward else None,
        source=MessageSource.QUOTED,
        is_uncertain=is_rewritten,
        lines_before=lines_before,
        is_dated=bool(date),
        fingerprint=_mail_fingerprint(values.get("message_id", "")),
        other_site=site_of_sender(sender),
    )


def parse_eml(data: bytes, *, now: datetime, zone: tzinfo) -> list[MailHeader]:
    """The mails of a file: the outermost of Lancers, and those beside it. Empty when the file is no mail.

    A mail that Lancers sent stands for itself, whatever it contains. Of another one, the mails of Lancers that it
    forwards are read, and those of other sites that are attached; if there are none, the header that it quotes first,
    or its own. A file that would take long to read (very many lines, boundaries or parameters) is not read.
    """
    try:
        message = parse_mail_structure(data)
        if message is None:
            return []
        return list(islice(_collect_mail_headers(message, data, now, zone, 0), MAX_MAILS_AT_ONCE + 1))
    except (MessageError, ValueError, LookupError, RecursionError):
        return []


def _collect_mail_headers(
    message: Message, data: bytes, now: datetime, zone: tzinfo, depth: int
) -> Iterator[MailHeader]:
    own = _read_mail_header(message, data, now)
    if own is not None and own.sender is MailSender.LANCERS:
        yield own
        return
    inner = (
        list(islice(_headers_of_forwarded_mails(message, now, zone, depth), MAX_MAILS_AT_ONCE + 1))
        if depth < MAX_DEPTH
        else []
    )
    # Without an id and a date, the mail that quotes it and its place there are what tells a mail from another one.
    unique = (own.fingerprint if own is not None else "") or _mail_fingerprint(data)
    inner = [
        header if header.sent_at or header.fingerprint else replace(header, fingerprint=f"{unique}{number or ''}")
        for number, header in enumerate(inner)
    ]
    certain = [
        header
        for header in inner
        if header.sender is MailSender.LANCERS or (header.source is MessageSource.MAIL and _is_asked_about(header))
    ]
    if certain:
        yield from certain
    elif inner:
        yield inner[0]
    elif own is not None:
        yield own


def _is_asked_about(header: MailHeader) -> bool:
    """Whether a mail that is not certain to be Lancers' is asked about all the same."""
    return bool(header.other_site) or (header.sender is MailSender.UNKNOWN and has_known_wording(header.subject))


def _read_mail_header(message: Message, data: bytes, now: datetime) -> MailHeader | None:
    """What a mail says of itself, its texts looked through but not kept; None with neither a subject nor a sender."""
    subject, sender = _decoded_header_field(message, "Subject"), _decoded_header_field(message, "From")
    date = " / ".join(set(_mail_header_fields(message, "Date")))  # of two different ones neither is read
    if not (subject or sender):
        return None
    kind = parse_sender_field(_header_field_texts(message, "From"))
    if kind is MailSender.OTHER and is_forwarded_notification(subject):
        kind = MailSender.UNKNOWN  # the member's own forward, of which nothing else could be read
    is_rewritten = kind is MailSender.OTHER and is_notification_of_rewritten_sender(
        subject, sender, _original_sender_texts(message)
    )
    if is_rewritten:
        kind = MailSender.LANCERS
    texts = [text for text in map(_plain_text_of_part, _leaf_parts_of_mail(message)) if text.strip()]
    message_id, sent_at = _decoded_header_field(message, "Message-ID"), parse_mail_date(date, now)
    return MailHeader(
        subject=subject,
        sender=kind,
        sent_at=sent_at if kind is not MailSender.UNKNOWN else None,
        source=MessageSource.MAIL,
        is_dated=bool(date),
        # Without an id and a date, the file itself is what tells it from another one.
        fingerprint=_mail_fingerprint(message_id) or ("" if sent_at else _mail_fingerprint(data)),
        looks_final=bool(texts) and all(map(is_closing_message, texts)),
        is_uncertain=is_rewritten,
        page=find_lancers_page(map(decode_mail_part, _leaf_parts_of_mail(message)))
        if kind is MailSender.LANCERS
        else None,
        other_site=site_of_sender(sender) if kind is MailSender.OTHER else None,
    )


def _original_sender_texts(message: Message) -> Iterator[str]:
    """The fields in which a program that forwards mails may leave the address of the sender."""
    for key, value in message.raw_items():
        name = key.casefold()
        if name == "reply-to" or (name.startswith("x-") and "original" in name):
            yield _header_field_text(message, value)


def _mail_fingerprint(identity: str | bytes) -> str:
    """Of a Message-ID or a whole mail; "" of an empty one, which tells no mail from another."""
    data = identity.strip().strip("<>").encode("utf-8", "replace") if isinstance(identity, str) else identity
    return sha256(data).hexdigest()[:16] if data.strip() else ""


def _headers_of_forwarded_mails(message: Message, now: datetime, zone: tzinfo, depth: int) -> Iterator[MailHeader]:
    """What a mail forwards: the headers that its text quotes, or its HTML where the text has none; attached mails."""
    parts = list(_leaf_parts_of_mail(message))
    mails = [data for part in parts if (data := _attached_mail(part)) is not None]
    written = [part for part in parts if _attached_mail(part) is None]
    pages = [html_to_text(decode_mail_part(part)) for part in written if part.get_content_type() == "text/html"]
    for texts in (map(_plain_text_of_part, written), pages):
        quoted = [header for text in texts for header in parse_quoted_mails(text, now=now, zone=zone)]
        if quoted:
            yield from quoted
            break
    for data in mails:
        if (inner := parse_mail_structure(data)) is not None:
            yield from _collect_mail_headers(inner, data, now, zone, depth + 1)


def _attached_mail(part: Message) -> bytes | None:
    """The bytes of a mail that is attached as such, or as a plain file."""
    content_type = part.get_content_type()
    if content_type == "message/rfc822":
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        if not isinstance(inner, Message):
            return None
        if str(part.get("Content-Transfer-Encoding", "")).strip().casefold() == "base64":
            return _decode_base64(str(inner.get_payload()))
        return inner.as_bytes()
    name = str(part.get_filename() or "").casefold()
    if content_type in _FILE_TYPES or name.endswith((".eml", ".emlx")):
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) and HEADER_FIELD.match(normalize_mail(payload)) else None
    return None


def _decode_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None


def _leaf_parts_of_mail(message: Message) -> Iterator[Message]:
    """The parts of this mail, not those of a mail inside it."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    payload = message.get_payload()
    for part in payload if isinstance(payload, list) else []:
        if isinstance(part, Message):
            yield from _leaf_parts_of_mail(part)


def _plain_text_of_part(part: Message) -> str:
    """The plain text of a part; "" of one of another kind. Lines that a mailer wrapped are joined (format=flowed)."""
    if part.get_content_type() != "text/plain":
        return ""
    text = decode_mail_part(part)
    if str(part.get_param("format", "")).casefold() != "flowed":
        return text
    joiner = "" if str(part.get_param("delsp", "")).casefold() == "yes" else " "
    lines: list[list[str]] = []
    is_open = False
    for line in text.splitlines():
        unstuffed = line.removeprefix(" ")
        if is_open:
            lines[-1].append(unstuffed.lstrip(">").removeprefix(" "))
        else:
            lines.append([unstuffed])
        is_open = line.endswith(" ") and line != "-- "
        if is_open:
            lines[-1][-1] = lines[-1][-1][:-1] + joiner
    return "\n".join(map("".join, lines))


def _decoded_header_field(message: Message, name: str) -> str:
    """A header field in one line, decoded; "" where there is none."""
    return next(_mail_header_fields(message, name), "")


def _mail_header_fields(message: Message, name: str) -> Iterator[str]:
    return map(decode_encoded_words, _header_field_texts(message, name))


def _header_field_texts(message: Message, name: str) -> Iterator[str]:
    """The fields of a name, each in one line, with their encoded words as they are."""
    return (
        _header_field_text(message, value) for key, value in message.raw_items() if key.casefold() == name.casefold()
    )


def _header_field_text(message: Message, value: object) -> str:
    data = str(value)[: 4 * MAX_HEADER_LENGTH].encode("utf-8", "surrogateescape")
    # Some mailers do not encode a field at all.
    return unfold_header_field(decode_bytes(data, None if data.isascii() else message.get_content_charset()))
