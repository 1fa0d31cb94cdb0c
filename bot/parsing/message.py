"""From an incoming message to parsed items. No input raises an error; what cannot be read becomes a `ParseFailure`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.domain.messages import (
    ClientMessage,
    IrrelevantMail,
    LineRequest,
    LoginCode,
    MessageSource,
    ParsedItem,
    ParsedTime,
    ParseFailure,
    Precision,
    Statement,
    UnclearText,
)
from bot.domain.source_keys import hash_source_key_parts, line_key
from bot.domain.text import cut_text
from bot.errors import InvalidInputError
from bot.parsing.charset import decode_bytes
from bot.parsing.closing_phrases import is_closing_message
from bot.parsing.file_kind import TEXT_EXTENSION
from bot.parsing.incoming import (
    MAX_ATTACHMENT_BYTES,
    MAX_ATTACHMENTS,
    Attachment,
    Embed,
    ForwardedMessage,
    IncomingMessage,
)
from bot.parsing.line.interpretation import parse_typed_lines
from bot.parsing.line.scanner import scan_typed_line
from bot.parsing.line.tokens import NameToken, fold_typed_line
from bot.parsing.mail import MailHeader, parse_eml, parse_quoted_mails
from bot.parsing.mail_files import split_mails
from bot.parsing.mail_headers import normalize_mail
from bot.parsing.mail_items import item_of_mail, item_of_notification, mail_key
from bot.parsing.mail_sender import MailSender, parse_quoted_sender
from bot.parsing.mail_structure import MAX_LINES, MAX_PART_LINES
from bot.parsing.notification import (
    LANCERS_ONLY_TYPES,
    Notification,
    has_lancers_subject_prefix,
    has_login_code,
    parse_notification_subject,
)
from bot.parsing.page_links import LINK_SIGN, find_lancers_page
from bot.parsing.quoted_header import MAX_MAILS_AT_ONCE

MAX_TEXT: Final = 8000
_MENTIONS: Final = re.compile(r"^(?:\s*<@[!&]?[0-9]{1,20}>)+")
"""The mentions with which a bridge's post can begin."""

MAX_LINES_ABOVE: Final = 20
"""Lines above a pasted mail that may be the member's."""

_ADDRESS: Final = re.compile(r"\w@\w")
"""In a line that a mailer wrote above a mail: 2026年11月22日(日) 18:14 田中 <noreply@lancers.co.jp>:"""


def parse_message(
    incoming: IncomingMessage, *, now: datetime, zone: tzinfo, known_names: Sequence[str] = ()
) -> tuple[ParsedItem, ...]:
    """All items in a message to the bot; at least one, unless it brings files to import.

    `known_names`: the member's clients, found in a typed line.
    """
    items: list[ParsedItem] = []
    for forwarded in incoming.forwarded:
        items += _parse_forwarded_message(forwarded, now, zone)
    items += _parse_attachments(incoming.attachments, now, zone, incoming.id, known_names)
    if incoming.content.strip():
        if incoming.forwarded or _has_readable_file(incoming.attachments):
            items += _unread_lines(incoming.content.splitlines(), now, zone, known_names)
        else:
            items += _parse_written_text(incoming.content, incoming.id, now, zone, known_names)
    if not items and not any(attachment.is_import for attachment in incoming.attachments):
        return (ParseFailure(InvalidInputError("parsing-empty")),)
    return tuple(items)


def parse_mail(data: bytes, *, now: datetime, zone: tzinfo) -> list[ParsedItem]:
    """The items of a mail that arrived by itself: of the notifications of Lancers in it, else of the mail as it is.

    Empty if it names neither a sender nor a subject, or would take long to read.
    """
    # A large attachment follows the text: what is cut off here would have the whole mail refused.
    data = normalize_mail(data[:MAX_ATTACHMENT_BYTES])
    for separator, limit in ((b"\n", MAX_LINES), (b"\n--", MAX_PART_LINES)):
        data = separator.join(data.split(separator, limit)[:limit])
    return _limit_mails([item_of_mail(header, now) for header in parse_eml(data, now=now, zone=zone)])


def _limit_mails(items: list[ParsedItem]) -> list[ParsedItem]:
    """The items of at most `MAX_MAILS_AT_ONCE` mails; of more, behind them the sentence that they are too many."""
    if len(items) <= MAX_MAILS_AT_ONCE:
        return items
    refusal = InvalidInputError("parsing-too-many-mails", most=MAX_MAILS_AT_ONCE)
    return [*items[:MAX_MAILS_AT_ONCE], ParseFailure(refusal)]


def parse_bridge_post(incoming: IncomingMessage, *, now: datetime, zone: tzinfo) -> list[ParsedItem]:
    """The notifications that a mail bridge posted; none for any other post, which is ignored."""
    return [
        item
        for forwarded in incoming.forwarded
        for item in _find_mails_in_post(forwarded, now, zone)
        if not isinstance(item, IrrelevantMail)
    ]


def _has_readable_file(attachments: tuple[Attachment, ...]) -> bool:
    return any(attachment.data is not None or attachment.is_import for attachment in attachments)


def _is_file_missing(attachments: tuple[Attachment, ...]) -> bool:
    """Whether what a file says, such as when a mail was written, could not be read this time."""
    return any(attachment.is_unavailable for attachment in attachments)


def _parse_attachments(
    attachments: tuple[Attachment, ...],
    now: datetime,
    zone: tzinfo,
    incoming_id: str,
    known_names: Sequence[str],
) -> Iterator[ParsedItem]:
    for index, attachment in enumerate(attachments[:MAX_ATTACHMENTS]):
        if attachment.is_import:
            continue
        if not attachment.size and attachment.data is not None:
            yield ParseFailure(InvalidInputError("parsing-file-empty", name=cut_text(attachment.name, 60)))
        elif attachment.data is not None and attachment.name.casefold().endswith(TEXT_EXTENSION):
            text = decode_bytes(attachment.data[:MAX_ATTACHMENT_BYTES]).removeprefix("\ufeff").strip()
            yield from _parse_written_text(text[:MAX_TEXT], f"{incoming_id}.{index}", now, zone, known_names)
            if len(text) > MAX_TEXT:
                yield ParseFailure(
                    InvalidInputError("parsing-text-cut", name=cut_text(attachment.name, 60), most=MAX_TEXT)
                )
        else:
            try:
                yield from _parse_mail_file(attachment, now, zone)
            except InvalidInputError as error:
                yield ParseFailure(error)
    if len(attachments) > MAX_ATTACHMENTS:
        yield ParseFailure(InvalidInputError("parsing-too-many-files", most=MAX_ATTACHMENTS))


def _parse_mail_file(attachment: Attachment, now: datetime, zone: tzinfo) -> Iterator[ParsedItem]:
    """The items of the mails in a file. Raises `InvalidInputError`."""
    name = cut_text(attachment.name, 60)
    if attachment.size > MAX_ATTACHMENT_BYTES or len(attachment.data or b"") > MAX_ATTACHMENT_BYTES:
        raise InvalidInputError("parsing-file-too-large", name=name)
    if attachment.is_unavailable:
        raise InvalidInputError("parsing-file-unavailable", name=name)
    if attachment.data is None:
        raise InvalidInputError("parsing-file-unsupported", name=name)
    is_empty = True
    for data in split_mails(attachment.data):
        is_empty = False
        headers = parse_eml(data, now=now, zone=zone)
        if not headers:
            yield ParseFailure(InvalidInputError("parsing-mail-unreadable", name=name))
        yield from _limit_mails([item_of_mail(header, now) for header in headers])
    if is_empty:
        raise InvalidInputError("parsing-mail-unreadable", name=name)


def _parse_forwarded_message(forwarded: ForwardedMessage, now: datetime, zone: tzinfo) -> Iterator[ParsedItem]:
    """The items of a forwarded message: a bridge's post, a mail, or what a client wrote on Discord."""
    if items := _find_mails_in_post(forwarded, now, zone):
        yield from items
        return
    if _has_readable_file(forwarded.attachments) or _is_file_missing(forwarded.attachments):
        yield from _parse_attachments(forwarded.attachments, now, zone, forwarded.original_id, ())
        return
    if forwarded.is_from_here:
        yield ParseFailure(InvalidInputError("parsing-forward-from-here"))
        return
    texts = [text for text in _texts_of_post(forwarded) if text.strip()]
    yield ClientMessage(
        time=_time_of_post(forwarded, now),
        source=MessageSource.POSTED,
        source_key=_source_key_of_post(forwarded),
        looks_final=bool(texts) and all(map(is_closing_message, texts)),
    )


def _source_key_of_post(forwarded: ForwardedMessage) -> str:
    return hash_source_key_parts("posted", forwarded.original_id)


def _time_of_post(forwarded: ForwardedMessage, now: datetime) -> ParsedTime | None:
    if forwarded.posted_at is None:
        return None
    return ParsedTime(min(forwarded.posted_at.astimezone(UTC), now.astimezone(UTC)), Precision.SECOND)


def _texts_of_post(forwarded: ForwardedMessage) -> list[str]:
    return [forwarded.content, *map(_text_of_embed, forwarded.embeds)]


def _find_mails_in_post(forwarded: ForwardedMessage, now: datetime, zone: tzinfo) -> list[ParsedItem]:
    """The mails that a post quotes, or whose subjects it contains."""
    posted, texts = _time_of_post(forwarded, now), _texts_of_post(forwarded)
    if has_login_code("\n".join(texts)):
        return [LoginCode()]
    are_foreign = [parse_quoted_sender(embed.author) is MailSender.OTHER for embed in forwarded.embeds]
    found: dict[str, Notification] = {}
    quoted: list[MailHeader] = []
    for text, is_foreign in zip(texts, (any(are_foreign), *are_foreign), strict=True):
        quoted += (of_text := parse_quoted_mails(text[:MAX_TEXT], now=now, zone=zone))
        if not is_foreign:
            found |= _find_notification_subjects(text, of_text)
    subjects, mails = _separate_subjects_from_mails(found, quoted) if quoted else (found, quoted)
    has_link = len(subjects) == 1 and LINK_SIGN in "\n".join(texts).casefold()
    page = find_lancers_page(texts) if has_link else None
    unique = hash_source_key_parts("post", forwarded.original_id)[:16]
    undated = unique if posted is None else ""
    items: list[ParsedItem] = [
        item_of_notification(
            notification, posted, MessageSource.POSTED, mail_key(notification, subject, posted, undated), page=page
        )
        for subject, notification in subjects.items()
    ]
    items += [
        item_of_mail(mail, now, posted=posted, unique=f"{unique}{number or ''}") for number, mail in enumerate(mails)
    ]
    if items:
        return _limit_mails(items)
    if any(are_foreign) and any(map(_find_notification_subjects, texts)):
        return [IrrelevantMail()]
    if any(has_lancers_subject_prefix(text.strip().split("\n", 1)[0]) for text in texts):
        key = _source_key_of_post(forwarded)
        return [UnclearText(key, time=posted, source=MessageSource.POSTED, page=find_lancers_page(texts))]
    return []


def _text_of_embed(embed: Embed) -> str:
    lines = [embed.title, embed.author, embed.description, *(f"{name}: {value}" for name, value in embed.fields)]
    return "\n".join(line for line in lines if line)


def _find_notification_subjects(text: str, quoted: Sequence[MailHeader] = ()) -> dict[str, Notification]:
    """The lines that are subjects of notifications, with or without a label before them.

    Of a text that quotes mails, those before the first one: what follows could be quoted too.
    """
    subjects: dict[str, Notification] = {}
    for line in text[:MAX_TEXT].splitlines()[: quoted[0].lines_before if quoted else None]:
        bare = _MENTIONS.sub("", line).strip().lstrip(">").strip()
        notification = parse_notification_subject(bare) or parse_notification_subject(bare.strip("*").strip())
        if notification is None or (notification.type in LANCERS_ONLY_TYPES and not has_lancers_subject_prefix(bare)):
            continue
        subjects.setdefault(bare, notification)
        if len(subjects) > MAX_MAILS_AT_ONCE:
            break
    return subjects


def _separate_subjects_from_mails(
    subjects: dict[str, Notification], quoted: list[MailHeader]
) -> tuple[dict[str, Notification], list[MailHeader]]:
    """The subjects that are not those of the quoted mails; and these, which behind other ones a client may quote."""
    of_mails = [parse_notification_subject(mail.subject) for mail in quoted]
    others = {subject: notification for subject, notification in subjects.items() if notification not in of_mails}
    if not others:
        return {}, quoted
    return others, [replace(mail, is_uncertain=True) for mail in quoted if mail.sender is MailSender.LANCERS]


def _parse_written_text(
    content: str, incoming_id: str, now: datetime, zone: tzinfo, known_names: Sequence[str]
) -> Sequence[ParsedItem]:
    """The items of a typed or pasted text."""
    text = content.strip()
    if len(text) > MAX_TEXT:
        return (ParseFailure(InvalidInputError("parsing-too-long")),)
    if has_login_code(text):
        return (LoginCode(),)
    unique = hash_source_key_parts("paste", incoming_id)
    quoted = parse_quoted_mails(text, now=now, zone=zone)
    subjects, mails = _separate_subjects_from_mails(_find_notification_subjects(text, quoted), quoted)
    # Without a date two mails with one subject differ only in the messages in which they were pasted.
    keys = (unique, *(hash_source_key_parts("paste", incoming_id, number) for number in range(1, len(subjects))))
    items: list[ParsedItem] = [
        item_of_notification(
            _without_unclear_name(subject, notification, known_names), None, MessageSource.WRITTEN, key
        )
        for (subject, notification), key in zip(subjects.items(), keys, strict=False)
    ]
    items += [item_of_mail(mail, now, unique=f"{unique[:16]}{number or ''}") for number, mail in enumerate(mails)]
    if items:
        lines = text.splitlines()
        begins = [header.lines_before for header in quoted[:1]]
        begins += [number for number, line in enumerate(lines) if any(subject in line for subject in subjects)][:1]
        return _limit_mails([*items, *_unread_lines(lines[: min(begins, default=0)], now, zone, known_names)])
    if has_lancers_subject_prefix(text.split("\n", 1)[0]):
        return (UnclearText(line_key(incoming_id)),)
    return parse_typed_lines(text, line_key(incoming_id), now=now, zone=zone, known_names=known_names)


def _unread_lines(lines: Sequence[str], now: datetime, zone: tzinfo, known_names: Sequence[str]) -> list[ParseFailure]:
    """The sentence that lines were not read which stand above a pasted mail or beside a file; none if they say nothing.

    A name or a day alone may be a part of the mail, such as its sender or date.
    """
    unread = [
        line.strip()
        for line in lines[:MAX_LINES_ABOVE]
        if line.strip()
        and not _ADDRESS.search(line)
        and any(
            isinstance(item, LineRequest)
            or (
                isinstance(item, Statement)
                and ((item.intent is not None and not item.intent_assumed) or (item.client is not None and item.time))
            )
            for item in parse_typed_lines(line.strip(), "", now=now, zone=zone, known_names=known_names)
        )
    ]
    if not unread:
        return []
    return [ParseFailure(InvalidInputError("parsing-line-above", written=cut_text(" / ".join(unread), 100)))]


def _without_unclear_name(subject: str, notification: Notification, known_names: Sequence[str]) -> Notification:
    """The notification without a client in whose name there could be what the member wrote in front: 昨日 田中."""
    if notification.client is None or has_lancers_subject_prefix(subject):
        return notification
    match scan_typed_line(fold_typed_line(f"{notification.client}さん"), known_names):
        case [NameToken(certain=True, text=notification.client)]:
            return notification
    return replace(notification, client=None)
