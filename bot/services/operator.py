"""What the operator asks for on the command line, as far as it needs no Discord. Each request is carried out once."""

from datetime import datetime

from bot.domain.types import MemberId
from bot.services.erasure import ErasureService
from storage import blocked_users, erased_members, inboxes, members, operator_requests
from storage.database import Database, Transaction
from storage.discord_ids import message_id_at
from storage.erased_members import Erasure
from storage.operator_requests import OperatorRequest, OperatorRequestKind


class OperatorService:
    """Carries requests out: the change and its outcome are one transaction."""

    def __init__(self, database: Database, erasure: ErasureService) -> None:
        self._database = database
        self._erasure = erasure

    async def carry_out(self, request: OperatorRequest, *, now: datetime) -> str | None:
        """Erase, block or unblock somebody; the outcome, or None when another process was faster.

        Raises `StorageError`, as `ErasureService.erase` does.
        """
        async with self._database.write() as transaction:
            current = await operator_requests.lock_open_operator_request(transaction, request.request_id)
            if current is None or current.user_id is None:
                return None
            outcome = await self._erase_or_block_user(transaction, current.kind, current.user_id, now=now)
            await operator_requests.finish_operator_request(transaction, current.request_id, outcome, now=now)
        if outcome == "erased":
            await self._erasure.finish_erasure(current.user_id)
        return outcome

    async def _erase_or_block_user(
        self, transaction: Transaction, kind: OperatorRequestKind, user_id: MemberId, *, now: datetime
    ) -> str:
        match kind:
            case OperatorRequestKind.ERASE:
                if not await members.is_member_stored(transaction, user_id):
                    return "unknown"
                await erased_members.erase_and_store_erasure(transaction, user_id, now=now, last_read_message_id=None)
                return "erased"
            case OperatorRequestKind.BLOCK:
                return "blocked" if await blocked_users.block_user(transaction, user_id, now=now) else "already-blocked"
            case OperatorRequestKind.UNBLOCK:
                return "unblocked" if await self._unblock(transaction, user_id, now=now) else "not-blocked"
            case OperatorRequestKind.ANNOUNCE:
                raise AssertionError

    @staticmethod
    async def _unblock(transaction: Transaction, user_id: MemberId, *, now: datetime) -> bool:
        """End a block. What was written while it lasted is not read later."""
        if not await blocked_users.unblock_user(transaction, user_id):
            return False
        last_read = message_id_at(now)
        if await transaction.query(members.member_query(user_id)) is not None:
            await members.set_last_read_message(transaction, user_id, last_read)
            await inboxes.skip_inbox_posts_until(transaction, user_id, last_read)
        else:  # a stranger: the mark of an erasure is where a new member's messages begin to be read
            await erased_members.save_erasures(transaction, [Erasure(user_id, now, last_read)])
        return True
