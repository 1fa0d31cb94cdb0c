"""The mailboxes for which there is a guide, with the vendor's page about forwarding where one was read."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A kind of mailbox that a member may use."""

    name: str
    """As in the ids of its texts."""
    page: str | None = None
    """The vendor's page that the guide goes by; None: no page was found, and the guide says so."""
    checked_on: date | None = None
    """When a copy or a quotation of the page was read."""


_CHECKED_ON: Final = date(2026, 11, 29)

MAILBOXES: Final = (
    Mailbox("gmail", "https://support.google.com/mail/answer/10957", _CHECKED_ON),
    Mailbox("outlook", "https://learn.microsoft.com/graph/api/mailfolder-post-messagerules", _CHECKED_ON),
    Mailbox("yahoo"),
    Mailbox("icloud", "https://support.apple.com/guide/icloud/mm6b1a3f8a/icloud", _CHECKED_ON),
    Mailbox("other"),
)
"""In the order of their numbers in custom ids, from 1 on."""


def mailbox_of_number(number: int) -> Mailbox | None:
    """The mailbox with this number; None for any other number."""
    return MAILBOXES[number - 1] if 1 <= number <= len(MAILBOXES) else None
