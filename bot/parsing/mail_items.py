"""What a mail, or the subject of one, says: a parsed item, or that the member has to be asked."""

from dataclasses import replace
from datetime import datetime

from bot.domain.messages import (
    ClientMessage,
    ContactRequestMail,
    ContractMail,
    Intent,
    Invitation,
    IrrelevantMail,
    LoginCode,
    MessageSource,
    OtherSiteMail,
    ParsedItem,
    ParsedTime,
    Precision,
    ReviewResult,
    Statement,
    UnclearText,
)
from bot.domain.names import client_key, title_key
from bot.domain.source_keys import hash_source_key_parts, mail_key_base
from bot.parsing.mail import MailHeader
from bot.parsing.mail_sender import MailSender
from bot.parsing.notification import (
    LANCERS_ONLY_TYPES,
    Notification,
    NotificationType,
    has_lancers_subject_prefix,
    parse_notification_subject,
    strip_subject_prefixes,
)

RecordedAtOnce = ClientMessage | ContactRequestMail
"""What is recorded without a question where Lancers sent it and its time is known."""


def item_of_mail(
    header: MailHeader, now: datetime, *, posted: ParsedTime | None = None, unique: str = ""
) -> ParsedItem:
    """The item of a mail.

    `posted`: when a bridge posted it, used where the mail names no date. `unique` tells a mail that nothing else
    identifies from any other: the message in which it was pasted.
    """
    notification = parse_notification_subject(header.subject)
    if notification is not None and notification.type is NotificationType.LOGIN_CODE:
        return LoginCode()
    is_of_unknown_sender = header.sender is MailSender.UNKNOWN and header.source is MessageSource.MAIL
    if header.sender is not MailSender.LANCERS and notification is not None and notification.type in LANCERS_ONLY_TYPES:
        notification = None
    is_of_other_sender = header.sender is MailSender.OTHER
    if (is_of_other_sender and header.other_site is None) or (
        is_of_unknown_sender and notification is None and not has_lancers_subject_prefix(header.subject)
    ):
        return IrrelevantMail()
    written, source = header.sent_at, header.source
    if written is None and not header.is_dated and posted is not None:
        written, source = posted, MessageSource.POSTED
    key = mail_key(notification, header.subject, written, header.fingerprint or (unique if written is None else ""))
    # A date that is ahead of this clock is that of a wrong one: the member is asked.
    time = None if written is not None and written.at > now else written
    if is_of_other_sender and header.other_site is not None:
        return OtherSiteMail(site=header.other_site, time=time, source=source, source_key=key)
    if notification is None:
        return UnclearText(key, header.looks_final, time=time, source=source, page=header.page)
    if header.sender is MailSender.UNKNOWN or header.is_uncertain:
        item = item_of_notification(notification, time, source, key)
        return item_to_confirm(item) if isinstance(item, RecordedAtOnce) else UnclearText(key, time=time, source=source)
    return item_of_notification(notification, time, source, key, looks_final=header.looks_final, page=header.page)


def item_of_notification(
    notification: Notification,
    time: ParsedTime | None,
    source: MessageSource,
    key: str,
    *,
    looks_final: bool = False,
    page: str | None = None,
) -> ClientMessage | Invitation | ReviewResult | ContactRequestMail | ContractMail:
    """The item of a subject."""
    match notification.type:
        case NotificationType.INVITATION:
            return Invitation(time=time, source=source, source_key=key)
        case NotificationType.GRANTED | NotificationType.STATISTICS:
            granted = notification.type is NotificationType.GRANTED
            return ReviewResult(granted=granted, time=time, source=source, source_key=key)
        case NotificationType.CONTACT_REQUEST:
            return ContactRequestMail(time=time, source=source, source_key=key, page=page)
        case NotificationType.CONTRACT:
            return ContractMail(time=time, source=source, source_key=key, page=page)
        case _:
            return ClientMessage(
                client=notification.client,
                title=notification.title,
                time=time,
                source=source,
                source_key=key,
                looks_final=looks_final,
                page=page,
            )


def item_to_confirm(message: ClientMessage | ContactRequestMail) -> ClientMessage | Statement | UnclearText:
    """What a mail says that may not be Lancers': it is recorded only after the member's answer."""
    if isinstance(message, ContactRequestMail):
        return UnclearText(message.source_key, time=message.time, source=message.source, page=message.page)
    if message.time is None or message.client is None:
        return replace(message, time=None)
    return Statement(
        intent=Intent.RECEIVED,
        client=message.client,
        client_certain=True,
        title=message.title,
        time=message.time,
        time_inferred=True,
        source=message.source,
        source_key=message.source_key,
        looks_final=message.looks_final,
        page=message.page,
    )


def mail_key(notification: Notification | None, subject: str, time: ParsedTime | None, fingerprint: str) -> str:
    """The identity of a mail (bot/domain/source_keys.py): by its minute, its second, and its Message-ID."""
    kind = notification.type.value if notification else "unknown"
    client, title = (notification.client, notification.title) if notification else (None, None)
    identity = (
        (client_key(client), title_key(title or "")) if client else (title_key(strip_subject_prefixes(subject)), "")
    )
    if time is None:
        base = hash_source_key_parts("mail", kind, *identity, "undated" if fingerprint else None)
    else:
        base = mail_key_base(kind, *identity, time.at)
    second = f"{time.at.second:02}" if time is not None and time.precision is Precision.SECOND else ""
    return f"{base}:{second}:{fingerprint}".rstrip(":")
