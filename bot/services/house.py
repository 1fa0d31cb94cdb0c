"""What a member, and the connection itself, can ask for, put together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.services.choices import Chooser
from bot.services.contacts import Contacts
from bot.services.ledger import Ledger
from bot.services.overview import Observer
from bot.settings import Defaults
from bot.values import Locale
from storage import synced_commands
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One of each."""

    ledger: Ledger
    chooser: Chooser
    observer: Observer
    contacts: Contacts
    default_locale: Locale
    database: Database

    async def synced(self, application_id: int) -> str | None:
        """The digest of the commands that were synced last."""
        async with self.database.read() as transaction:
            return await synced_commands.digest_of(transaction, application_id)

    async def keep_synced(self, application_id: int, digest: str) -> None:
        """Remember what was synced."""
        async with self.database.write() as transaction:
            await synced_commands.keep_digest(transaction, application_id, digest)


def open_services(database: Database, defaults: Defaults, nudge: Callable[[], None]) -> Services:
    """Put them together over one database."""
    return Services(
        Ledger(database, defaults, nudge),
        Chooser(database, defaults, nudge),
        Observer(database, defaults),
        Contacts(database, defaults),
        defaults.locale,
        database,
    )
