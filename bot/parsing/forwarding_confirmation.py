"""Gmail's mail that asks the owner of an address to confirm that mails may be forwarded to it.

It names a code and two links, of which one confirms and the other one cancels.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from bot.parsing.encoded_words import decode_encoded_words
from bot.parsing.mail_headers import header_field_addresses, header_field_values, parse_header_fields
from bot.parsing.mail_structure import decode_mail_part, parse_mail_structure

SENDER: Final = "forwarding-noreply@google.com"
MAX_CONFIRMATION_BYTES: Final = 200 * 1024
_HOSTS: Final = frozenset({"mail-settings.google.com", "mail.google.com"})
_CONFIRMING_PATH: Final = "/mail/vf-"
_LINK: Final = re.compile(r"https://[A-Za-z0-9%._~:/?#@&=+-]{1,2000}")
_CODE_OF_SUBJECT: Final = re.compile(r"[(（]#?\s*([0-9]{6,12})[)）]")
_CODE_OF_TEXT: Final = re.compile(r"(?:confirmation code|確認コード)\s*[:：]\s*([0-9]{6,12})\b", re.IGNORECASE)
_MAILBOX: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingConfirmation:
    """What the member needs to confirm the forwarding. The bot opens no link."""

    code: str | None
    """Digits; None if the mail names none."""
    link: str | None
    """The link that confirms, at Google, never the one that cancels; None if there is no such link."""
    requester: str | None
    """The mailbox that asks, from which mails would be forwarded."""


def parse_forwarding_confirmation(data: bytes) -> ForwardingConfirmation | None:
    """What a mail of forwarding-noreply@google.com asks; None for every other mail. No input raises an error."""
    fields = parse_header_fields(data)
    if header_field_addresses(header_field_values(fields, "from")) != [SENDER]:
        return None
    subject = decode_encoded_words(next(header_field_values(fields, "subject"), "").strip())
    texts = list(_decoded_texts(data[:MAX_CONFIRMATION_BYTES]))
    code = _CODE_OF_SUBJECT.search(subject) or next(filter(None, map(_CODE_OF_TEXT.search, texts)), None)
    mailbox = _MAILBOX.search(subject) or next(
        (match for text in texts for match in _MAILBOX.finditer(text) if not match[0].endswith("google.com")), None
    )
    link = next((link for text in texts for link in _LINK.findall(text) if _is_confirmation_link(link)), None)
    if code is None and link is None:
        return None
    return ForwardingConfirmation(
        code=code[1] if code else None, link=link, requester=mailbox[0].rstrip(".").lower() if mailbox else None
    )


def _decoded_texts(data: bytes) -> Iterator[str]:
    try:
        message = parse_mail_structure(data)
        for part in message.walk() if message is not None else ():
            if part.get_content_maintype() == "text":
                text = decode_mail_part(part)
                yield unescape(text) if part.get_content_subtype() == "html" else text
    except (MessageError, ValueError, LookupError, RecursionError):
        return


def _is_confirmation_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return (
            parts.hostname in _HOSTS
            and parts.netloc == parts.hostname  # neither a user nor a port
            and parts.path.startswith(_CONFIRMING_PATH)
        )
    except ValueError:
        return False
