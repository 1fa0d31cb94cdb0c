"""Whom the operator has blocked: nothing they send is recorded, and they get nothing. Table: `blocked_users`."""

from datetime import datetime
from typing import Final

from bot.domain.types import MemberId
from storage.database import Select, Transaction

IS_BLOCKED: Final = "EXISTS (SELECT 1 FROM blocked_users WHERE blocked_users.user_id = members.member_id)"
"""Condition on `members`."""

NOT_BLOCKED: Final = f"NOT {IS_BLOCKED}"


is_blocked_query: Final = Select(("user_id",), "FROM blocked_users WHERE user_id = $1", bool)
"""Whether somebody is blocked, a member or not."""


async def block_user(transaction: Transaction, user_id: MemberId, *, now: datetime) -> bool:
    """Block somebody; False when they were blocked already."""
    sql = "INSERT INTO blocked_users (user_id, blocked_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING user_id"
    return bool(await transaction.fetch(sql, user_id, now))


async def unblock_user(transaction: Transaction, user_id: MemberId) -> bool:
    """End a block; False when there was none."""
    return bool(await transaction.fetch("DELETE FROM blocked_users WHERE user_id = $1 RETURNING user_id", user_id))


async def claim_answer_to_blocked_user(transaction: Transaction, user_id: MemberId, *, now: datetime) -> bool:
    """Whether somebody blocked is to be answered now: true once."""
    sql = "UPDATE blocked_users SET answered_at = $2 WHERE user_id = $1 AND answered_at IS NULL RETURNING user_id"
    return bool(await transaction.fetch(sql, user_id, now))
