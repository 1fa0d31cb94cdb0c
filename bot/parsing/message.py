"""From an incoming message to parsed items. No input raises an error; what cannot be read becomes a `ParseFailure`."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.domain.messages import (
    ClientMessage,
    Invitation,
    IrrelevantMail,
    LoginCode,
    MessageSource,
    ParsedItem,
    ParsedTime,
    ParseFailure,
    Precision,
    ReviewResult,
)
from bot.domain.names import client_key, title_key
from bot.errors import InvalidInputError
from bot.parsing.closing_phrases import is_closing_message
from bot.parsing.incoming import MAX_BYTES, MAX_FILES, Attachment, Embed, ForwardedMessage, IncomingMessage
from bot.parsing.line.interpretation import parse_lines
from bot.parsing.mail import MailHeader, has_address, is_lancers, parse_eml, parse_quoted_headers
from bot.parsing.notification import (
    LOGIN_CODE,
    Notification,
    NotificationType,
    has_lancers_prefix,
    parse_subject,
    strip_prefixes,
)

MAX_TEXT: Final = 8000
TEXT_EXTENSION: Final = ".txt"
"""Discord sends a long paste as the file `message.txt`."""
_MENTIONS: Final = re.compile(r"^(?:\s*<@[!&]?[0-9]{1,20}>)+")
"""The mentions with which a bridge's post can begin."""
_SUBJECT_LABELS: Final = ("件名:", "件名：", "Subject:", "subject:")


def parse_message(
    incoming: IncomingMessage, *, now: datetime, zone: tzinfo, known_names: Sequence[str] = ()
) -> tuple[ParsedItem, ...]:
    """All items in a message to the bot; at least one. `known_names`: the member's clients, found in a typed line."""
    items: list[ParsedItem] = []
    for forwarded in incoming.forwarded:
        items += _parse_forwarded(forwarded, incoming.id, now, zone)
    items += _parse_attachments(incoming.attachments, now, zone, incoming.id, known_names)
    if incoming.content.strip() and not (incoming.forwarded or _has_mail(incoming.attachments)):
        items += _parse_text(incoming.content, incoming.id, now, zone, known_names)
    return tuple(items) or (ParseFailure(InvalidInputError("parsing-empty")),)


def parse_bridge_post(incoming: IncomingMessage, *, now: datetime, zone: tzinfo) -> ParsedItem | None:
    """The notification that a mail bridge posted; None for any other post, which is ignored."""
    for forwarded in incoming.forwarded:
        item = _find_mail(forwarded, now, zone)
        if item is not None and not isinstance(item, IrrelevantMail):
            return item
    return None


def _item_key(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _has_mail(attachments: tuple[Attachment, ...]) -> bool:
    return any(attachment.data is not None for attachment in attachments)


def _parse_attachments(
    attachments: tuple[Attachment, ...],
    now: datetime,
    zone: tzinfo,
    incoming_id: str,
    known_names: Sequence[str] = (),
) -> Iterator[ParsedItem]:
    for index, attachment in enumerate(attachments[:MAX_FILES]):
        if attachment.data is not None and attachment.name.casefold().endswith(TEXT_EXTENSION):
            text = attachment.data.decode("utf-8-sig", "replace").strip()
            yield from _parse_text(text[:MAX_TEXT], f"{incoming_id}.{index}", now, zone, known_names)
        else:
            yield _parse_attachment(attachment, now, zone)
    if len(attachments) > MAX_FILES:
        yield ParseFailure(InvalidInputError("parsing-too-many-files", most=MAX_FILES))


def _parse_attachment(attachment: Attachment, now: datetime, zone: tzinfo) -> ParsedItem:
    name = attachment.name[:60]
    if attachment.size > MAX_BYTES or len(attachment.data or b"") > MAX_BYTES:
        return ParseFailure(InvalidInputError("parsing-file-too-large", name=name))
    if attachment.is_unavailable:
        return ParseFailure(InvalidInputError("parsing-file-unavailable", name=name))
    if attachment.data is None:
        return ParseFailure(InvalidInputError("parsing-file-unsupported", name=name))
    header = parse_eml(attachment.data, now=now, zone=zone)
    if header is None:
        return ParseFailure(InvalidInputError("parsing-mail-unreadable", name=name))
    return _from_mail(header, now)


def _from_mail(header: MailHeader, now: datetime, posted: ParsedTime | None = None) -> ParsedItem:
    """The item of a mail. `posted`: when a bridge posted it, used where the mail's own date cannot be read."""
    notification = parse_subject(header.subject)
    if notification is not None and notification.type is NotificationType.LOGIN_CODE:
        return LoginCode()
    foreign = header.sender is not None and has_address(header.sender) and not is_lancers(header.sender)
    if notification is None or foreign:
        return IrrelevantMail()
    time, source = header.sent_at, header.source
    if time is None and posted is not None:
        time, source = posted, MessageSource.POSTED
    if time is not None and time.at > now:
        time = None  # the sender's clock is ahead of this one: the member is asked
    return _from_notification(notification, time, source, strip_prefixes(header.subject), final=header.looks_final)


def _from_notification(
    notification: Notification, time: ParsedTime | None, source: MessageSource, subject: str, *, final: bool = False
) -> ClientMessage | Invitation | ReviewResult:
    # To the minute: a quoted header has no seconds, the mail itself has.
    minute = None if time is None else time.at.replace(second=0, microsecond=0).isoformat()
    client, title = notification.client, notification.title
    identity = (client_key(client), title_key(title or "")) if client else (title_key(subject), "")
    key = _item_key("mail", notification.type.value, *identity, minute)
    match notification.type:
        case NotificationType.INVITATION:
            return Invitation(time, source, key)
        case NotificationType.GRANTED | NotificationType.STATISTICS:
            return ReviewResult(notification.type is NotificationType.GRANTED, time, source, key)
        case _:
            return ClientMessage(
                client=client, title=title, time=time, source=source, source_key=key, looks_final=final
            )


def _parse_forwarded(
    forwarded: ForwardedMessage, incoming_id: str, now: datetime, zone: tzinfo
) -> Iterator[ParsedItem]:
    """The items of a forwarded message: a bridge's post, a mail, or what a client wrote on Discord."""
    if (item := _find_mail(forwarded, now, zone)) is not None:
        yield item
        return
    if _has_mail(forwarded.attachments):
        yield from _parse_attachments(forwarded.attachments, now, zone, forwarded.original_id or incoming_id)
        return
    texts = [text for text in _texts(forwarded) if text.strip()]
    if any(has_lancers_prefix(text.strip().split("\n", 1)[0]) for text in texts):
        yield IrrelevantMail()
        return
    yield ClientMessage(
        time=_posted_time(forwarded, now),
        source=MessageSource.POSTED,
        source_key=_item_key("posted", forwarded.original_id or incoming_id),
        looks_final=bool(texts) and all(map(is_closing_message, texts)),
    )


def _posted_time(forwarded: ForwardedMessage, now: datetime) -> ParsedTime:
    return ParsedTime(min(forwarded.posted_at.astimezone(UTC), now.astimezone(UTC)), Precision.SECOND)


def _texts(forwarded: ForwardedMessage) -> list[str]:
    return [forwarded.content, *map(_embed_text, forwarded.embeds)]


def _find_mail(forwarded: ForwardedMessage, now: datetime, zone: tzinfo) -> ParsedItem | None:
    """The mail that a post quotes, or whose subject it contains."""
    posted, texts = _posted_time(forwarded, now), _texts(forwarded)
    if LOGIN_CODE in "\n".join(texts):
        return LoginCode()
    for text in texts:
        # A quoted header has two lines at least.
        if len(text.splitlines()) > 1 and (header := _innermost_quoted(text, now, zone)) is not None:
            return _from_mail(header, now, posted)
        if (subject_line := _subject_line(text)) is not None:
            notification, subject = subject_line
            return _from_notification(notification, posted, MessageSource.POSTED, subject)
    return None


def _embed_text(embed: Embed) -> str:
    lines = [embed.title, embed.author, embed.description, *(f"{name}: {value}" for name, value in embed.fields)]
    return "\n".join(line for line in lines if line)


def _innermost_quoted(text: str, now: datetime, zone: tzinfo) -> MailHeader | None:
    """The innermost quoted mail of Lancers, or else the innermost quoted mail."""
    headers = parse_quoted_headers(text[:MAX_TEXT], now=now, zone=zone)
    for header in reversed(headers):
        if header.sender is not None and is_lancers(header.sender):
            return header
    return headers[-1] if headers else None


def _subject_line(text: str) -> tuple[Notification, str] | None:
    """The first line that is the subject of a notification, with or without a label before it."""
    for line in text[:MAX_TEXT].splitlines():
        bare = _MENTIONS.sub("", line).strip().lstrip(">").strip().strip("*").strip()
        for label in _SUBJECT_LABELS:
            bare = bare.removeprefix(label).strip()
        if (notification := parse_subject(bare)) is not None:
            return notification, strip_prefixes(bare)
    return None


def _parse_text(
    content: str, incoming_id: str, now: datetime, zone: tzinfo, known_names: Sequence[str]
) -> Sequence[ParsedItem]:
    """The items of a typed or pasted text."""
    text = content.strip()
    if len(text) > MAX_TEXT:
        return (ParseFailure(InvalidInputError("parsing-too-long")),)
    if LOGIN_CODE in text:
        return (LoginCode(),)
    if (header := _innermost_quoted(text, now, zone)) is not None:
        return (_from_mail(header, now),)
    if (subject_line := _subject_line(text)) is not None:
        notification, subject = subject_line
        item = _from_notification(notification, None, MessageSource.WRITTEN, subject)
        # Without a date two mails with one subject differ only in the messages in which they were pasted.
        return (replace(item, source_key=_item_key("paste", incoming_id)),)
    if has_lancers_prefix(text.split("\n", 1)[0]):
        return (IrrelevantMail(),)
    return parse_lines(text, _item_key("line", incoming_id), now=now, zone=zone, known_names=known_names)
