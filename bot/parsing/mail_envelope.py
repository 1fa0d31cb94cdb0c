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
            _is_address_of_mailbox(address, own)
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
    box, _, domain = mailbox.rpartition("@")
    tokens: set[MailToken] = set()
    for address in named:
        local, _, host = address.rpartition("@")
        if host == domain and local.startswith(box + "+") and _TOKEN.fullmatch(token := local[len(box) + 1 :]):
            tokens.add(MailToken(token))
    return frozenset(tokens)


def _is_address_of_mailbox(address: str, mailbox: str) -> bool:
    local, _, host = address.rpartition("@")
    box, _, domain = mailbox.rpartition("@")
    return host == domain and (local == box or local.startswith(box + "+"))


def _is_automatic_answer(fields: Fields) -> bool:
    kinds = [
        strip_header_comments(value).partition(";")[0].strip().lower()
        for value in header_field_values(fields, "content-type")
    ]
    submitted = [
        strip_header_comments(value).partition(";")[0].strip().lower()
        for value in header_field_values(fields, "auto-submitted")
    ]
    return "multipart/report" in kinds or "auto-replied" in submitted
