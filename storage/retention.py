"""Taking out what can no longer matter. What is unanswered stays, however old it is."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.types import to_micros
from storage.database import Transaction

UNDO_RETENTION: Final = timedelta(days=30)
"""How long a correction can be undone."""

DRAFT_RETENTION: Final = timedelta(days=30)

_PURGED: Final = "(SELECT member_id FROM members WHERE keeps_history = 0)"


async def purge(transaction: Transaction, cutoff: datetime, *, now: datetime) -> int:
    """Delete what is older than `before` of every member who does not keep it; how many messages went.

    Up to the last reply before that moment a thread's messages have been answered, and nothing after it depends on
    them: what is derived stays the same function of what is left.
    """
    at = to_micros(cutoff)
    [row] = await transaction.fetch(f"SELECT count(*) FROM messages WHERE {_ANSWERED} AND member_id IN {_PURGED}", at)
    await transaction.fetch(f"DELETE FROM messages WHERE {_ANSWERED} AND member_id IN {_PURGED}", at)
    await transaction.fetch(f"DELETE FROM exchanges WHERE replied_at < $1 AND member_id IN {_PURGED}", at)
    await transaction.fetch(f"DELETE FROM jobs WHERE day < $1 AND member_id IN {_PURGED}", cutoff.date().isoformat())
    await transaction.fetch(
        f"DELETE FROM occurrences WHERE settled_at < $1 AND told_at IS NOT NULL AND member_id IN {_PURGED}", at
    )
    await transaction.fetch(
        "DELETE FROM occurrences WHERE settled_at < $1 AND state IN ('delivered', 'superseded')"
        f" AND member_id IN {_PURGED}",
        at,
    )
    await transaction.fetch(
        f"DELETE FROM deliveries WHERE created_at < $1 AND member_id IN {_PURGED} AND NOT EXISTS"
        " (SELECT 1 FROM occurrences WHERE occurrences.member_id = deliveries.member_id"
        "  AND occurrences.delivery_id = deliveries.delivery_id)",
        at,
    )
    await transaction.fetch(
        f"DELETE FROM threads WHERE used_at < $1 AND member_id IN {_PURGED}"
        " AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.member_id = threads.member_id"
        "  AND messages.thread_id = threads.thread_id)"
        " AND NOT EXISTS (SELECT 1 FROM occurrences WHERE occurrences.member_id = threads.member_id"
        "  AND occurrences.thread_id = threads.thread_id)",
        at,
    )
    await transaction.fetch("DELETE FROM changes WHERE changed_at < $1", to_micros(now - UNDO_RETENTION))
    await transaction.fetch("DELETE FROM drafts WHERE drafted_at < $1", to_micros(now - DRAFT_RETENTION))
    return int(row[0])


_ANSWERED: Final = (
    "sent_at <= (SELECT max(replied_at) FROM exchanges WHERE exchanges.member_id = messages.member_id"
    " AND exchanges.thread_id = messages.thread_id AND replied_at < $1)"
)
