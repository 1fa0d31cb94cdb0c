"""Erasing a member: everything, the reminders in flight and the files' own memory included."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.domain.types import MemberId
from bot.services.data_transfer import DataTransferService
from storage import member_data
from storage.admin import erasure_log
from storage.database import Database


@dataclass(frozen=True, slots=True)
class StoredDataSummary:
    """What an erasure takes, and what it cannot reach."""

    messages: int
    threads: int
    jobs: int
    reminders: int
    declarations: int
    is_member: bool
    backup_days: int
    """How old the operator's backups get."""


class ErasureService:
    """Asks nobody: the member has confirmed."""

    def __init__(self, database: Database, porter: DataTransferService, backup_days: int) -> None:
        self._database = database
        self._porter = porter
        self._backup_days = backup_days

    async def stored_data_summary(self, member: MemberId) -> StoredDataSummary:
        """What there is."""
        async with self._database.read() as transaction:
            counts = await member_data.count_rows(transaction, member)
        return StoredDataSummary(
            counts["messages"],
            counts["threads"],
            counts["jobs"],
            counts["occurrences"],
            counts["profile_items"] + counts["goals"] + counts["calibrations"],
            bool(counts["members"]),
            self._backup_days,
        )

    async def erase(self, member: MemberId, *, now: datetime) -> None:
        """Erase. Noted first, so that neither a crash nor a restored backup undoes it.

        Raises `StorageError` when everything is deleted but another program still holds the log open.
        """
        self._porter.discard(member)
        await asyncio.to_thread(erasure_log.append, self._database.erasure_log_path, member, now)
        async with self._database.write() as transaction:
            await member_data.erase_member(transaction, member)
        await self._database.purge_deleted_data()
