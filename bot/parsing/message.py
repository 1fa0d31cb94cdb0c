"""From a parcel to findings: what was forwarded or written, and what it means. Never raises on anybody's input."""

import hashlib
import re
from collections.abc import Iterator
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
from bot.parsing.mail import MailHeader, has_address, is_lancers, parse_eml, parse_quoted_headers
from bot.parsing.notification import Notification, NotificationType, is_forward_or_reply, parse_subject, strip_prefixes
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.name_and_time import MAX_LINE, split_name_and_time

MAX_TEXT: Final = 8000
_MENTIONS: Final = re.compile(r"^(?:\s*<@[!&]?[0-9]{1,20}>)+")
"""Whom a bridge calls before it says something."""
_LOGIN_CODE: Final = "ログイン認証コード"


def parse_message(parcel: IncomingMessage, *, now: datetime, zone: tzinfo) -> tuple[ParsedItem, ...]:
    """Everything that a message to the bot holds; at least one finding."""
    findings = list(_parse_all(parcel, now, zone))
    return tuple(findings) or (ParseFailure(InvalidInputError("intake-empty")),)


def parse_bridge_post(parcel: IncomingMessage, *, now: datetime, zone: tzinfo) -> ParsedItem | None:
    """The notification that a mail bridge posted. None for whatever else is posted: nothing is made of it."""
    for snapshot in parcel.forwarded:
        found = _find_mail(snapshot, now, zone)
        if found is not None and not isinstance(found, IrrelevantMail):
            return found
    return None


def _parse_all(parcel: IncomingMessage, now: datetime, zone: tzinfo) -> Iterator[ParsedItem]:
    for snapshot in parcel.forwarded:
        yield from _parse_forwarded(snapshot, parcel.id, now, zone)
    yield from _parse_attachments(parcel.attachments, now, zone)
    if parcel.content.strip() and not (parcel.forwarded or _has_mail(parcel.attachments)):
        yield _parse_text(parcel.content, parcel.id, now, zone)


def _item_key(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _has_mail(attachments: tuple[Attachment, ...]) -> bool:
    return any(each.data is not None for each in attachments)


def _parse_attachments(attachments: tuple[Attachment, ...], now: datetime, zone: tzinfo) -> Iterator[ParsedItem]:
    for number, each in enumerate(attachments):
        if number >= MAX_FILES:
            yield ParseFailure(InvalidInputError("intake-many-files", most=MAX_FILES))
            return
        yield _parse_attachment(each, now, zone)


def _parse_attachment(attachment: Attachment, now: datetime, zone: tzinfo) -> ParsedItem:
    name = attachment.name[:60]
    if attachment.size > MAX_BYTES or len(attachment.data or b"") > MAX_BYTES:
        return ParseFailure(InvalidInputError("intake-large-file", name=name))
    if attachment.data is None:
        return ParseFailure(InvalidInputError("intake-other-file", name=name))
    mail_header = parse_eml(attachment.data, now=now, zone=zone)
    if mail_header is None:
        return ParseFailure(InvalidInputError("intake-broken-mail", name=name))
    return _from_mail(mail_header, now)


def _from_mail(mail_header: MailHeader, now: datetime, posted: ParsedTime | None = None) -> ParsedItem:
    """A mail with its header. `posted`: when a bridge posted it, where its own date cannot be read."""
    notification = parse_subject(mail_header.subject)
    if notification is not None and notification.type is NotificationType.LOGIN_CODE:
        return LoginCode()
    foreign = mail_header.sender is not None and has_address(mail_header.sender) and not is_lancers(mail_header.sender)
    if notification is None or foreign:
        return IrrelevantMail()
    time, source = mail_header.sent_at, mail_header.source
    if time is None and posted is not None:
        time, source = posted, MessageSource.POSTED
    if time is not None and time.at > now:
        time = None  # a clock ahead of ours: the member is asked
    return _from_notification(
        notification, time, source, strip_prefixes(mail_header.subject), final=mail_header.looks_final
    )


def _from_notification(
    notification: Notification, time: ParsedTime | None, source: MessageSource, subject: str, *, final: bool = False
) -> ClientMessage | Invitation | ReviewResult:
    # To the minute: a quoted header has no seconds, the mail itself has.
    minute = None if time is None else time.at.replace(second=0, microsecond=0).isoformat()
    client, job = notification.client, notification.job
    named = (client_key(client or ""), title_key(job or "")) if client else (title_key(subject), "")
    key = _item_key("mail", notification.type.value, *named, minute)
    match notification.type:
        case NotificationType.INVITATION:
            return Invitation(time, source, key)
        case NotificationType.GRANTED | NotificationType.STATISTICS:
            return ReviewResult(notification.type is NotificationType.GRANTED, time, source, key)
        case _:
            return ClientMessage(client=client, title=job, time=time, source=source, source_key=key, looks_final=final)


def _parse_forwarded(snapshot: ForwardedMessage, parcel_id: str, now: datetime, zone: tzinfo) -> Iterator[ParsedItem]:
    """A forwarded message: a notification that a bridge posted, a mail, or what a client wrote on Discord."""
    posted = _posted_time(snapshot, now)
    origin = snapshot.original_id or parcel_id
    texts = _texts(snapshot)
    if (found := _find_mail(snapshot, now, zone)) is not None:
        yield found
        return
    if snapshot.attachments and any(each.data is not None for each in snapshot.attachments):
        yield from _parse_attachments(snapshot.attachments, now, zone)
        return
    if any(is_forward_or_reply(each.strip().split("\n", 1)[0]) for each in texts if each.strip()):
        yield IrrelevantMail()
        return
    final = any(each.strip() for each in texts) and all(is_closing_message(each) for each in texts if each.strip())
    key = _item_key("posted", origin)
    yield ClientMessage(time=posted, source=MessageSource.POSTED, source_key=key, looks_final=final)


def _posted_time(snapshot: ForwardedMessage, now: datetime) -> ParsedTime:
    return ParsedTime(min(snapshot.posted_at.astimezone(UTC), now.astimezone(UTC)), Precision.SECOND)


def _texts(snapshot: ForwardedMessage) -> list[str]:
    return [snapshot.content, *map(_embed_text, snapshot.embeds)]


def _find_mail(snapshot: ForwardedMessage, now: datetime, zone: tzinfo) -> ParsedItem | None:
    """The mail that a post tells of, by its quoted header or its subject."""
    posted = _posted_time(snapshot, now)
    texts = _texts(snapshot)
    if any(_LOGIN_CODE in each for each in texts):
        return LoginCode()
    for each in texts:
        if (mail_header := _innermost_quoted(each, now, zone)) is not None:
            return _from_mail(mail_header, now, posted)
        if (named := _subject_line(each)) is not None:
            notification, subject = named
            return _from_notification(notification, posted, MessageSource.POSTED, subject)
    return None


def _embed_text(embed: Embed) -> str:
    lines = [embed.title, embed.author, embed.description, *(f"{name}: {value}" for name, value in embed.fields)]
    return "\n".join(each for each in lines if each)


def _innermost_quoted(text: str, now: datetime, zone: tzinfo) -> MailHeader | None:
    """The mail that a text quotes: the innermost of Lancers, else the innermost."""
    letters = parse_quoted_headers(text[:MAX_TEXT], now=now, zone=zone)
    for mail_header in reversed(letters):
        if mail_header.sender is not None and is_lancers(mail_header.sender):
            return mail_header
    return letters[-1] if letters else None


def _subject_line(text: str) -> tuple[Notification, str] | None:
    """A line that is a notification's subject; a bridge may have put "件名:" before it."""
    for line in text[:MAX_TEXT].splitlines():
        bare = _MENTIONS.sub("", line).strip().lstrip(">").strip().strip("*").strip()
        for label in ("件名:", "件名：", "Subject:", "subject:"):
            bare = bare.removeprefix(label).strip()
        if (notification := parse_subject(bare)) is not None:
            return notification, strip_prefixes(bare)
    return None


def _parse_text(content: str, parcel_id: str, now: datetime, zone: tzinfo) -> ParsedItem:
    """What the member typed or pasted."""
    text = content.strip()
    if len(text) > MAX_TEXT:
        return ParseFailure(InvalidInputError("intake-long"))
    if _LOGIN_CODE in text:
        return LoginCode()
    if (mail_header := _innermost_quoted(text, now, zone)) is not None:
        return _from_mail(mail_header, now)
    if (named := _subject_line(text)) is not None:
        notification, subject = named
        found = _from_notification(notification, None, MessageSource.WRITTEN, subject)
        # Without a date nothing tells two mails with one subject apart but the messages they came in.
        key = _item_key("paste", parcel_id)
        return replace(found, source_key=key)
    if is_forward_or_reply(text.split("\n", 1)[0]):
        return IrrelevantMail()
    return _parse_short_line(text, parcel_id, now, zone)


def _parse_short_line(text: str, parcel_id: str, now: datetime, zone: tzinfo) -> ParsedItem:
    if "\n" in text or len(text) > MAX_LINE:
        return ParseFailure(InvalidInputError("intake-unread"))
    try:
        name, time = split_name_and_time(text, now=now, zone=zone)
    except TimeParseError as error:
        return ParseFailure(error)
    return ClientMessage(client=name, time=time, source=MessageSource.WRITTEN, source_key=_item_key("line", parcel_id))
