"""Erasure of everything about a member."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.types import MemberId
from bot.services.data_transfer import DataTransferService
from storage import erased_members, jobs, member_data
from storage.admin.erasure_log import write_missing_erasure_notes
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDataSummary:
    """What an erasure deletes."""

    messages: int
    threads: int
    jobs: int
    reminders: int
    declarations: int
    """Profile items, goals and calibrations."""
    is_member: bool
    backup_days: int
    """The age in days at which the operator's backups are deleted; an erasure does not change them."""


class ErasureService:
    """Erases without asking: the caller has the member's confirmation."""

    on_erased: Callable[[MemberId], None] | None = None
    """Called with each member who was erased, also when their rows are still in a file that is in use."""

    def __init__(self, database: Database, data_transfer: DataTransferService, backup_days: int) -> None:
        self._database = database
        self._data_transfer = data_transfer
        self._backup_days = backup_days

    async def stored_data_summary(self, member_id: MemberId) -> StoredDataSummary:
        """How much is stored about a member."""
        async with self._database.read() as transaction:
            counts = await member_data.count_member_rows(transaction, member_id)
            _, job_count = await jobs.count_jobs(transaction, member_id)
        return StoredDataSummary(
            messages=counts["messages"],
            threads=counts["threads"],
            jobs=job_count,
            reminders=counts["occurrences"],
            declarations=counts["profile_items"] + counts["goals"] + counts["calibrations"],
            is_member=bool(counts["members"]),
            backup_days=self._backup_days,
        )

    async def erase(self, member_id: MemberId, *, now: datetime, last_read_message_id: int | None = None) -> None:
        """Erase a member: everything about them, or nothing when it is refused.

        That it was done is stored in the same transaction, and noted outside of the database after it, so that neither
        a crash nor a restored backup reverts it. A long record is hidden by it, and deleted step by step.
        `last_read_message_id`: the newest Discord message that is not to be read again; None: those until now.
        Raises `StorageError` when nothing was deleted; when the member is erased, but a part of a long record is left
        to the periodic tasks or another try; or when another program keeps the write-ahead log in use.
        """
        async with self._database.write() as transaction:
            await erased_members.erase_and_store_erasure(
                transaction, member_id, now=now, last_read_message_id=last_read_message_id
            )
        await self.finish_erasure(member_id)

    async def finish_erasure(self, member_id: MemberId) -> None:
        """Do what follows the commit of an erasure.

        A previewed import is discarded, the erasure noted outside, the rest of a long record deleted, the files purged.
        """
        self._data_transfer.discard_import(member_id)
        if self.on_erased is not None:
            self.on_erased(member_id)
        await write_missing_erasure_notes(self._database)
        await erased_members.erase_rest_of_record(self._database, member_id)
        await self._database.purge_deleted_data()
