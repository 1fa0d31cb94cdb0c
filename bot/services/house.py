"""What a member can ask for, put together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.services.choices import Chooser
from bot.services.contacts import Contacts
from bot.services.ledger import Ledger
from bot.services.overview import Observer
from bot.settings import Defaults
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One of each."""

    ledger: Ledger
    chooser: Chooser
    observer: Observer
    contacts: Contacts


def open_services(database: Database, defaults: Defaults, nudge: Callable[[], None]) -> Services:
    """Put them together over one database."""
    return Services(
        Ledger(database, defaults, nudge),
        Chooser(database, defaults, nudge),
        Observer(database, defaults),
        Contacts(database, defaults),
    )
