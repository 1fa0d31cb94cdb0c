"""The mail providers for which there is a guide, with the provider's page about forwarding where one was read."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class MailProvider:
    """A provider at which a member may have a mailbox."""

    name: str
    """As in the ids of its texts."""
    page: str | None = None
    """The provider's page that the guide goes by; None: no page was found, and the guide says so."""
    checked_on: date | None = None
    """When a copy or a quotation of the page was read."""


_CHECKED_ON: Final = date(2026, 11, 29)

MAIL_PROVIDERS: Final = (
    MailProvider("gmail", "https://support.google.com/mail/answer/10957", _CHECKED_ON),
    MailProvider("outlook", "https://learn.microsoft.com/graph/api/mailfolder-post-messagerules", _CHECKED_ON),
    MailProvider("yahoo"),
    MailProvider("icloud", "https://support.apple.com/guide/icloud/mm6b1a3f8a/icloud", _CHECKED_ON),
    MailProvider("other"),
)
"""In the order of their numbers in custom ids, from 1 on."""


def provider_of_number(number: int) -> MailProvider | None:
    """The provider with this number; None for any other number."""
    return MAIL_PROVIDERS[number - 1] if 1 <= number <= len(MAIL_PROVIDERS) else None
