"""From a parcel to findings: what was forwarded or written, and what it means. Never raises on anybody's input."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.domain.names import client_key, title_key
from bot.errors import InvalidInputError
from bot.intake.closings import reads_closing
from bot.intake.mail import Letter, has_address, is_lancers, quoted_letters, read_eml
from bot.intake.notification import About, Notification, bare_subject, has_prefix, read_subject
from bot.intake.parcel import MOST_BYTES, MOST_FILES, Attachment, Embed, Parcel, Snapshot
from bot.intake.sighting import (
    Finding,
    Invitation,
    LoginCode,
    NoWindow,
    ReviewResult,
    Sighting,
    Source,
    Unreadable,
)
from bot.intake.when import Exactness, Moment
from bot.intake.when_line import LONGEST_LINE, split_when
from bot.intake.when_told import TimeError

LONGEST_TEXT: Final = 8000
_MENTIONS: Final = re.compile(r"^(?:\s*<@[!&]?[0-9]{1,20}>)+")
"""Whom a bridge calls before it says something."""
_LOGIN_CODE: Final = "ログイン認証コード"


def read(parcel: Parcel, *, now: datetime, zone: tzinfo) -> tuple[Finding, ...]:
    """Everything that a message to the bot holds; at least one finding."""
    findings = list(_read_all(parcel, now, zone))
    return tuple(findings) or (Unreadable(InvalidInputError("intake-empty")),)


def read_bridged(parcel: Parcel, *, now: datetime, zone: tzinfo) -> Finding | None:
    """The notification that a mail bridge posted. None for whatever else is posted: nothing is made of it."""
    for snapshot in parcel.snapshots:
        found = _mail_in(snapshot, now, zone)
        if found is not None and not isinstance(found, NoWindow):
            return found
    return None


def _read_all(parcel: Parcel, now: datetime, zone: tzinfo) -> Iterator[Finding]:
    for snapshot in parcel.snapshots:
        yield from _snapshot(snapshot, parcel.id, now, zone)
    yield from _files(parcel.attachments, now, zone)
    if parcel.content.strip() and not (parcel.snapshots or _has_mail(parcel.attachments)):
        yield _written(parcel.content, parcel.id, now, zone)


def _key(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _has_mail(attachments: tuple[Attachment, ...]) -> bool:
    return any(each.data is not None for each in attachments)


def _files(attachments: tuple[Attachment, ...], now: datetime, zone: tzinfo) -> Iterator[Finding]:
    for number, each in enumerate(attachments):
        if number >= MOST_FILES:
            yield Unreadable(InvalidInputError("intake-many-files", most=MOST_FILES))
            return
        yield _file(each, now, zone)


def _file(attachment: Attachment, now: datetime, zone: tzinfo) -> Finding:
    name = attachment.name[:60]
    if attachment.size > MOST_BYTES or len(attachment.data or b"") > MOST_BYTES:
        return Unreadable(InvalidInputError("intake-large-file", name=name))
    if attachment.data is None:
        return Unreadable(InvalidInputError("intake-other-file", name=name))
    letter = read_eml(attachment.data, now=now, zone=zone)
    if letter is None:
        return Unreadable(InvalidInputError("intake-broken-mail", name=name))
    return _letter(letter, now)


def _letter(letter: Letter, now: datetime, posted: Moment | None = None) -> Finding:
    """A mail with its header. `posted`: when a bridge posted it, where its own date cannot be read."""
    notification = read_subject(letter.subject)
    if notification is not None and notification.about is About.LOGIN_CODE:
        return LoginCode()
    foreign = letter.sender is not None and has_address(letter.sender) and not is_lancers(letter.sender)
    if notification is None or foreign:
        return NoWindow()
    moment, source = letter.moment, letter.source
    if moment is None and posted is not None:
        moment, source = posted, Source.POSTED
    if moment is not None and moment.at > now:
        moment = None  # a clock ahead of ours: the member is asked
    return _notified(notification, moment, source, bare_subject(letter.subject), closing=letter.closing)


def _notified(
    notification: Notification, moment: Moment | None, source: Source, subject: str, *, closing: bool = False
) -> Finding:
    # To the minute: a quoted header has no seconds, the mail itself has.
    minute = None if moment is None else moment.at.replace(second=0, microsecond=0).isoformat()
    client, job = notification.client, notification.job
    named = (client_key(client or ""), title_key(job or "")) if client else (title_key(subject), "")
    key = _key("mail", notification.about.value, *named, minute)
    match notification.about:
        case About.INVITATION:
            return Invitation(moment, source, key)
        case About.GRANTED | About.FIGURES:
            return ReviewResult(notification.about is About.GRANTED, moment, source, key)
        case _:
            return Sighting(client, job, moment, source, key, closing)


def _snapshot(snapshot: Snapshot, parcel_id: str, now: datetime, zone: tzinfo) -> Iterator[Finding]:
    """A forwarded message: a notification that a bridge posted, a mail, or what a client wrote on Discord."""
    posted = _posted(snapshot, now)
    origin = snapshot.origin or parcel_id
    texts = _texts(snapshot)
    if (found := _mail_in(snapshot, now, zone)) is not None:
        yield found
        return
    if snapshot.attachments and any(each.data is not None for each in snapshot.attachments):
        yield from _files(snapshot.attachments, now, zone)
        return
    if any(has_prefix(each.strip().split("\n", 1)[0]) for each in texts if each.strip()):
        yield NoWindow()
        return
    closing = any(each.strip() for each in texts) and all(reads_closing(each) for each in texts if each.strip())
    yield Sighting(None, None, posted, Source.POSTED, _key("posted", origin), closing)


def _posted(snapshot: Snapshot, now: datetime) -> Moment:
    return Moment(min(snapshot.posted_at.astimezone(UTC), now.astimezone(UTC)), Exactness.SECOND)


def _texts(snapshot: Snapshot) -> list[str]:
    return [snapshot.content, *map(_embed_text, snapshot.embeds)]


def _mail_in(snapshot: Snapshot, now: datetime, zone: tzinfo) -> Finding | None:
    """The mail that a post tells of, by its quoted header or its subject."""
    posted = _posted(snapshot, now)
    texts = _texts(snapshot)
    if any(_LOGIN_CODE in each for each in texts):
        return LoginCode()
    for each in texts:
        if (letter := _innermost(each, now, zone)) is not None:
            return _letter(letter, now, posted)
        if (named := _subject_line(each)) is not None:
            notification, subject = named
            return _notified(notification, posted, Source.POSTED, subject)
    return None


def _embed_text(embed: Embed) -> str:
    lines = [embed.title, embed.author, embed.description, *(f"{name}: {value}" for name, value in embed.fields)]
    return "\n".join(each for each in lines if each)


def _innermost(text: str, now: datetime, zone: tzinfo) -> Letter | None:
    """The mail that a text quotes: the innermost of Lancers, else the innermost."""
    letters = quoted_letters(text[:LONGEST_TEXT], now=now, zone=zone)
    for letter in reversed(letters):
        if letter.sender is not None and is_lancers(letter.sender):
            return letter
    return letters[-1] if letters else None


def _subject_line(text: str) -> tuple[Notification, str] | None:
    """A line that is a notification's subject; a bridge may have put "件名:" before it."""
    for line in text[:LONGEST_TEXT].splitlines():
        bare = _MENTIONS.sub("", line).strip().lstrip(">").strip().strip("*").strip()
        for label in ("件名:", "件名：", "Subject:", "subject:"):
            bare = bare.removeprefix(label).strip()
        if (notification := read_subject(bare)) is not None:
            return notification, bare_subject(bare)
    return None


def _written(content: str, parcel_id: str, now: datetime, zone: tzinfo) -> Finding:
    """What the member typed or pasted."""
    text = content.strip()
    if len(text) > LONGEST_TEXT:
        return Unreadable(InvalidInputError("intake-long"))
    if _LOGIN_CODE in text:
        return LoginCode()
    if (letter := _innermost(text, now, zone)) is not None:
        return _letter(letter, now)
    if (named := _subject_line(text)) is not None:
        notification, subject = named
        found = _notified(notification, None, Source.WRITTEN, subject)
        # Without a date nothing tells two mails with one subject apart but the messages they came in.
        return _with_key(found, _key("paste", parcel_id))
    if has_prefix(text.split("\n", 1)[0]):
        return NoWindow()
    return _short_line(text, parcel_id, now, zone)


def _short_line(text: str, parcel_id: str, now: datetime, zone: tzinfo) -> Finding:
    if "\n" in text or len(text) > LONGEST_LINE:
        return Unreadable(InvalidInputError("intake-unread"))
    try:
        name, moment = split_when(text, now=now, zone=zone)
    except TimeError as error:
        return Unreadable(error)
    return Sighting(name, None, moment, Source.WRITTEN, _key("line", parcel_id))


def _with_key(finding: Finding, key: str) -> Finding:
    match finding:
        case Sighting(client, job, moment, source, _, closing):
            return Sighting(client, job, moment, source, key, closing)
        case Invitation(moment, source, _):
            return Invitation(moment, source, key)
        case ReviewResult(granted, moment, source, _):
            return ReviewResult(granted, moment, source, key)
        case _:
            return finding
