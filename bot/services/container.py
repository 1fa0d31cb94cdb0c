"""What a member, and the connection itself, can ask for, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.types import Locale
from bot.services.advice import AdviceQueries
from bot.services.bulk_changes import BulkChangeRunner
from bot.services.data_transfer import DataTransferService
from bot.services.erasure import ErasureService
from bot.services.history import HistoryService
from bot.services.inboxes import InboxService
from bot.services.jobs import JobService
from bot.services.members import MemberService
from bot.services.preference_changes import PreferenceService
from bot.services.profile import ProfileService
from bot.services.record_transaction import RecordTransactions
from bot.services.recording import RecordingService
from bot.services.status import StatusQueries
from bot.settings import MemberDefaults
from storage import synced_commands
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One of each."""

    recording: RecordingService
    history: HistoryService
    preferences: PreferenceService
    status: StatusQueries
    advice: AdviceQueries
    jobs: JobService
    profile: ProfileService
    data_transfer: DataTransferService
    erasure: ErasureService
    members: MemberService
    inboxes: InboxService
    bulk_changes: BulkChangeRunner
    default_locale: Locale
    stale_after: timedelta
    """From this age on what a member says of themselves is marked as old."""
    database: Database

    async def synced_commands_digest(self, application_id: int) -> str | None:
        """The digest of the commands that were synced last."""
        async with self.database.read() as transaction:
            return await synced_commands.get_digest(transaction, application_id)

    async def save_synced_commands_digest(self, application_id: int, digest: str) -> None:
        """Remember what was synced."""
        async with self.database.write() as transaction:
            await synced_commands.save_digest(transaction, application_id, digest)


def build_services(database: Database, defaults: MemberDefaults, on_schedule_changed: Callable[[], None]) -> Services:
    """Put them together over one database."""
    desks = RecordTransactions(database, defaults, on_schedule_changed)
    steps = BulkChangeRunner(desks)
    porter = DataTransferService(desks, steps)
    return Services(
        RecordingService(desks),
        HistoryService(desks, steps),
        PreferenceService(database, defaults, on_schedule_changed),
        StatusQueries(database, defaults),
        AdviceQueries(database, defaults),
        JobService(database),
        ProfileService(database),
        porter,
        ErasureService(database, porter, defaults.backup_retention_days),
        MemberService(database, defaults),
        InboxService(database),
        steps,
        defaults.locale,
        defaults.stale_after,
        database,
    )
