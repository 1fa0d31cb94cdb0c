"""For whom a mail is and who sent it, as its headers or the mail server say; nothing of its text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.types import MailToken
from bot.parsing.mail_headers import (
    Fields,
    domain_of_address,
    header_field_addresses,
    header_field_values,
    parse_header_fields,
    strip_header_comments,
)

_DELIVERY_FIELDS: Final = frozenset({"delivered-to", "x-original-to", "envelope-to", "x-delivered-to"})
_RECEIVED_FOR: Final = re.compile(r"(?:^|\s)for\s+<([^<>\s]*)>", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEnvelope:
    """Who sent a mail to whom."""

    tokens: frozenset[MailToken]
    """The tokens of the mailbox's addresses that decide for whom the mail is, in lower case; usually one."""
    sender_domain: str
    """The domain of the From field in lower case; empty if there is not exactly one address."""
    envelope_sender_domain: str
    """The domain of the envelope's sender (MAIL FROM, else the topmost Return-Path); empty if there is none."""
    recipients: tuple[str, ...]
    """The addresses of the To field, in lower case."""
    is_automatic: bool
    """A delivery report, an automatic reply, or a mail by the mailbox itself: nothing of it is read."""


def parse_envelope(
    data: bytes, *, mailbox: str, envelope_recipient: str | None = None, envelope_sender: str | None = None
) -> MailEnvelope:
    """Read the headers of a mail; none raises an error.

    `mailbox`: the operator's address without a token. `envelope_recipient`: where the mail server says for whom the
    mail is, no header does.
    """
    fields = parse_header_fields(data)
    authors = header_field_addresses(header_field_values(fields, "from"))
    if envelope_sender is None:
        envelope_sender = next(header_field_values(fields, "return-path"), "")
    own = mailbox.lower()
    return MailEnvelope(
        tokens=_recipient_mail_tokens(fields, own, envelope_recipient),
        sender_domain=domain_of_address(authors[0]) if len(authors) == 1 else "",
        envelope_sender_domain=domain_of_address(next(iter(header_field_addresses([envelope_sender])), "")),
        recipients=tuple(header_field_addresses(header_field_values(fields, "to"))),
        is_automatic=_is_automatic_answer(fields)
        or any(
            _suffix_of_mailbox(address, own) is not None
            for address in (*authors, *header_field_addresses(header_field_values(fields, "sender")))
        ),
    )


def _recipient_mail_tokens(fields: Fields, mailbox: str, envelope_recipient: str | None) -> frozenset[MailToken]:
    if envelope_recipient is not None:
        return _address_tokens(header_field_addresses([envelope_recipient]), mailbox)
    for value in (*header_field_values(fields, *_DELIVERY_FIELDS), *header_field_values(fields, "x-forwarded-to")):
        if tokens := _address_tokens(header_field_addresses([value]), mailbox):
            return tokens
    received = _RECEIVED_FOR.findall(strip_header_comments(next(header_field_values(fields, "received"), "")))
    return _address_tokens(header_field_addresses(received), mailbox) or _address_tokens(
        header_field_addresses(header_field_values(fields, "to", "cc")), mailbox
    )


def _address_tokens(named: Iterable[str], mailbox: str) -> frozenset[MailToken]:
    suffixes = (_suffix_of_mailbox(address, mailbox) or "" for address in named)
    return frozenset(
        MailToken(suffix[1:]) for suffix in suffixes if suffix.startswith("+") and _TOKEN.fullmatch(suffix, 1)
    )


def _suffix_of_mailbox(address: str, mailbox: str) -> str | None:
    """What an address has more than that of the mailbox: "", or "+" with a token; None: it is another address."""
    local, _, host = address.rpartition("@")
    box, _, domain = mailbox.rpartition("@")
    suffix = local.removeprefix(box)
    is_of_mailbox = host == domain and local.startswith(box) and suffix[:1] in {"", "+"}
    return suffix if is_of_mailbox else None


def _is_automatic_answer(fields: Fields) -> bool:
    for name, kind in (("content-type", "multipart/report"), ("auto-submitted", "auto-replied")):
        for value in header_field_values(fields, name):
            if strip_header_comments(value).partition(";")[0].strip().lower() == kind:
                return True
    return False
