"""Who sent a mail: Lancers, somebody else, or a program that forwarded one of Lancers' under an address of its own."""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

from bot.parsing.mail_headers import header_field_addresses
from bot.parsing.notification import has_known_wording, has_lancers_subject_prefix
from bot.parsing.quoted_header import MAX_HEADER_LENGTH


class MailSender(Enum):
    """Who sent a mail, as far as its header says."""

    LANCERS = "lancers"
    OTHER = "other"
    UNKNOWN = "unknown"
    """No sender is named."""


_LANCERS: Final = re.compile(r"@(?:[a-z0-9-]+\.)*lancers\.(?:co\.)?jp$", re.IGNORECASE)
_LANCERS_NAME: Final = re.compile(r"ランサーズ|\blancers\b", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+")
_REWRITTEN_ADDRESS: Final = re.compile(
    r"[=_+.-]lancers[._](?:co[._])?jp(?=[=_+.@-])[^@]*@|(?:\bat|\(a\))\s*lancers\.(?:co\.)?jp\b", re.IGNORECASE
)
"""What it makes of an address: noreply=lancers.co.jp@, noreply_at_lancers.co.jp_x@, noreply at lancers.co.jp."""
_REWRITTEN_NAME: Final = re.compile(r"\bvia\b|経由", re.IGNORECASE)
"""In the name that it gives to the sender: 'ランサーズ事務局' via 通知."""


def parse_quoted_sender(text: str | None) -> MailSender:
    """Who is named as the sender in a quotation. A look-alike domain is not Lancers'; a name without an address counts.

    Beside another address, or a piece of one, an address of Lancers' is not certain to be the sender's.
    """
    if not text:
        return MailSender.UNKNOWN
    text = text[:MAX_HEADER_LENGTH]
    if "@" not in text:
        return MailSender.LANCERS if _LANCERS_NAME.search(text) else MailSender.OTHER
    of_lancers = [_is_address_of_lancers(address) for address in _ADDRESS.findall(text)]
    if of_lancers and not of_lancers[-1]:
        return MailSender.OTHER
    return MailSender.LANCERS if of_lancers.count(True) == text.count("@") else MailSender.UNKNOWN


def parse_sender_field(texts: Iterable[str]) -> MailSender:
    """Who sent a mail as its own header says, which names exactly one address. `texts`: its From fields."""
    addresses = set(header_field_addresses(texts))
    if len(addresses) != 1:
        return MailSender.UNKNOWN
    return MailSender.LANCERS if _is_address_of_lancers(addresses.pop()) else MailSender.OTHER


def is_notification_of_rewritten_sender(subject: str, sender: str, others: Iterable[str] = ()) -> bool:
    """Whether a program that forwards mails seems to have put an address of its own in place of Lancers'.

    `others`: fields in which it may have left the first one.
    """
    if not (has_lancers_subject_prefix(subject) or has_known_wording(subject)):
        return False
    if any(map(_is_address_of_lancers, header_field_addresses(others))):
        return True
    return _REWRITTEN_ADDRESS.search(sender) is not None or (
        _LANCERS_NAME.search(sender) is not None and _REWRITTEN_NAME.search(sender) is not None
    )


def _is_address_of_lancers(address: str) -> bool:
    return _LANCERS.search(address.rstrip(".")) is not None
