"""Muting clients: the member wants no reminders of what they write, in any thread."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain.names import client_key
from bot.domain.text import cut_text
from bot.domain.types import MemberId, MessageId, MutedClientId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.bulk_changes import REPLANNED_KIND, BulkChangeRunner
from bot.services.record_transaction import RecordTransaction, RecordTransactions
from storage import muted_clients, threads, undo_log, waiting_threads
from storage.muted_clients import MutedClient
from storage.threads import Thread


class MutingService:
    """Reminders of a muted client's windows are superseded at once, and planned again when it is muted no more."""

    def __init__(self, transactions: RecordTransactions, bulk_changes: BulkChangeRunner) -> None:
        self._transactions = transactions
        self._bulk_changes = bulk_changes

    async def list_muted(self, member_id: MemberId) -> list[MutedClient]:
        """The member's muted clients, the last one first."""
        return await muted_clients.list_muted_clients(self._transactions.database, member_id)

    async def mute(self, member_id: MemberId, client: str, *, now: datetime) -> MutedClient:
        """Mute a client by its name. Raises `InvalidInputError` for a client of no thread."""
        key = client_key(client)

        async def mute(record: RecordTransaction) -> MutedClient:
            for thread in await threads.list_threads_of_client(record.transaction, member_id, key) if key else ():
                if thread.client:
                    return await _mute_client_of_thread(record, thread)
            raise InvalidInputError("mute-unknown", client=cut_text(client, 100))

        return await self._change_muting_and_replan(member_id, mute, now)

    async def mute_window(self, member_id: MemberId, window_id: MessageId, *, now: datetime) -> MutedClient:
        """Mute the client of a window. Raises `NotAllowedError` when it is unknown, or nobody is named yet."""

        async def mute(record: RecordTransaction) -> MutedClient:
            message = await record.get_message(window_id)
            return await _mute_client_of_thread(record, await record.get_thread(message.thread_id))

        return await self._change_muting_and_replan(member_id, mute, now)

    async def mute_thread(self, member_id: MemberId, thread_id: ThreadId, *, now: datetime) -> MutedClient:
        """Mute the client of a thread. Raises `NotAllowedError` when it is unknown, or nobody is named yet."""

        async def mute(record: RecordTransaction) -> MutedClient:
            return await _mute_client_of_thread(record, await record.get_thread(thread_id))

        return await self._change_muting_and_replan(member_id, mute, now)

    async def unmute(
        self, member_id: MemberId, muted_id: MutedClientId, *, now: datetime
    ) -> tuple[MutedClient, Thread | None]:
        """Mute a client no more; also returns a thread of it. Raises `NotAllowedError` when it is not muted."""

        async def change(record: RecordTransaction) -> MutedClient:
            muted = await muted_clients.find_muted_client(record.transaction, member_id, muted_id)
            if muted is None:
                raise NotAllowedError("mute-gone")
            await muted_clients.unmute_client(record.transaction, member_id, muted_id)
            return muted

        muted = await self._change_muting_and_replan(member_id, change, now)
        of_client = await threads.list_threads_of_client(self._transactions.database, member_id, muted.client_key)
        return muted, next(iter(of_client), None)

    async def _change_muting_and_replan(
        self, member_id: MemberId, change: Callable[[RecordTransaction], Awaitable[MutedClient]], now: datetime
    ) -> MutedClient:
        """Change what is muted, and plan the reminders of the client's windows again; of many, in batches."""
        most, step_id = self._bulk_changes.limits.batch_threads, None
        async with self._transactions.begin(member_id, now, REPLANNED_KIND) as record:
            muted = await change(record)
            reminded = await waiting_threads.list_thread_ids_with_reminders_of_client(
                record.transaction, member_id, muted.client_key, now=now, limit=most + 1
            )
            if len(reminded) > most:
                step_id = await undo_log.begin_undo_step(record.transaction, member_id, REPLANNED_KIND, now=now)
            else:
                await record.recompute_threads(*reminded)
        if step_id is not None:
            await self._bulk_changes.replan_reminders(member_id, step_id, now=now)
        return muted


async def _mute_client_of_thread(record: RecordTransaction, thread: Thread) -> MutedClient:
    if thread.client is None:
        raise NotAllowedError("mute-nobody")
    key = client_key(thread.client)
    return await muted_clients.mute_client(record.transaction, record.member_id, thread.client, key, now=record.now)
