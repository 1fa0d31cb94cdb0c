"""For whom a mail is and who sent it, as its headers or the mail server say; nothing of its text."""

from dataclasses import dataclass

from bot.domain.types import MailToken


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
    raise NotImplementedError
