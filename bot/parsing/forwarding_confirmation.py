"""Gmail's mail that asks the owner of an address to confirm that mails may be forwarded to it."""

from dataclasses import dataclass


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
    raise NotImplementedError
