"""For whom a mail is and who sent it, as its headers or the mail server say; nothing of its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.types import MailToken
from bot.parsing.mail_headers import Fields, addresses, domain_of, header_fields, values

_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
"""Fields in which a mail server names the address to which it delivered."""
_FOR: Final = re.compile(r"\bfor\s+<?([^\s<>;@]+@[^\s<>;@]+)>?", re.IGNORECASE)
_AUTO_REPLY: Final = re.compile(r"\s*auto-replied\b", re.IGNORECASE)
_REPORT: Final = re.compile(r"\s*multipart/report\b", re.IGNORECASE)
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
    fields = header_fields(data)
    levels = _levels(fields) if envelope_recipient is None else iter([[envelope_recipient]])
    tokens = next(filter(None, (_tokens(level, mailbox) for level in levels)), frozenset())
    authors = [address for text in values(fields, "from") for address in addresses(text)]
    if envelope_sender is None:
        envelope_sender = next(iter(values(fields, "return-path")), "")
    return MailEnvelope(
        tokens=tokens,
        sender_domain=domain_of(authors[0]) if len(authors) == 1 else "",
        envelope_sender_domain=domain_of(next(iter(addresses(envelope_sender)), "")),
        recipients=tuple(address for text in values(fields, "to") for address in addresses(text)),
        is_automatic=_is_automatic(fields, authors, mailbox),
    )


def _levels(fields: Fields) -> Iterator[list[str]]:
    """The addresses that may say for whom the mail is, the most reliable first.

    What the last mail server wrote is on top; below it is what earlier ones wrote, and what the sender may have forged.
    """
    yield from (addresses(text) for text in values(fields, *_DELIVERED))
    yield from (addresses(text) for text in values(fields, "x-forwarded-to"))
    yield [match[1] for text in values(fields, "received")[:1] for match in _FOR.finditer(text)]
    yield [address for text in values(fields, "to", "cc") for address in addresses(text)]


def _tokens(of_level: list[str], mailbox: str) -> frozenset[MailToken]:
    return frozenset(token for address in of_level if (token := _token(address, mailbox)) is not None)


def _token(address: str, mailbox: str) -> MailToken | None:
    """The token of one of the mailbox's addresses; None for every other address."""
    local_part, _, domain = mailbox.lower().rpartition("@")
    name, plus, token = address.strip().lower().rpartition("@")[0].partition("+")
    if not plus or name != local_part or domain_of(address.strip()) != domain or not _TOKEN.fullmatch(token):
        return None
    return MailToken(token)


def _is_automatic(fields: Fields, authors: list[str], mailbox: str) -> bool:
    """Not because of `auto-generated` or `List-*`: Lancers' own mails bear them."""
    senders = [*authors, *(address for text in values(fields, "sender") for address in addresses(text))]
    return (
        any(_REPORT.match(text) for text in values(fields, "content-type"))
        or any(_AUTO_REPLY.match(text) for text in values(fields, "auto-submitted"))
        or any(address == mailbox.lower() or _token(address, mailbox) is not None for address in senders)
    )
