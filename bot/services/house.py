"""What a member, and the connection itself, can ask for, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.types import Locale
from bot.services.choices import Chooser
from bot.services.contacts import Contacts
from bot.services.corrections import Corrections
from bot.services.declarations import Declarer
from bot.services.desk import Desks
from bot.services.erasure import Eraser
from bot.services.inboxes import InboxBook
from bot.services.job_book import JobBook
from bot.services.ledger import Ledger
from bot.services.long_steps import LongSteps
from bot.services.outlook import Foresight
from bot.services.overview import Observer
from bot.services.porting import Porter
from bot.settings import MemberDefaults
from storage import synced_commands
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One of each."""

    ledger: Ledger
    corrections: Corrections
    chooser: Chooser
    observer: Observer
    foresight: Foresight
    job_book: JobBook
    declarer: Declarer
    porter: Porter
    eraser: Eraser
    contacts: Contacts
    inboxes: InboxBook
    steps: LongSteps
    default_locale: Locale
    old_after: timedelta
    """From this age on what a member says of themselves is marked as old."""
    database: Database

    async def synced(self, application_id: int) -> str | None:
        """The digest of the commands that were synced last."""
        async with self.database.read() as transaction:
            return await synced_commands.get_digest(transaction, application_id)

    async def keep_synced(self, application_id: int, digest: str) -> None:
        """Remember what was synced."""
        async with self.database.write() as transaction:
            await synced_commands.save_digest(transaction, application_id, digest)


def open_services(database: Database, defaults: MemberDefaults, nudge: Callable[[], None]) -> Services:
    """Put them together over one database."""
    desks = Desks(database, defaults, nudge)
    steps = LongSteps(desks)
    porter = Porter(desks, steps)
    return Services(
        Ledger(desks),
        Corrections(desks, steps),
        Chooser(database, defaults, nudge),
        Observer(database, defaults),
        Foresight(database, defaults),
        JobBook(database),
        Declarer(database),
        porter,
        Eraser(database, porter, defaults.backup_retention_days),
        Contacts(database, defaults),
        InboxBook(database),
        steps,
        defaults.locale,
        defaults.stale_after,
        database,
    )
