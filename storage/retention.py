"""Delete what is too old to matter. Unanswered messages are kept, however old they are."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import to_micros
from storage import operator_requests
from storage.database import Transaction

UNDO_RETENTION: Final = timedelta(days=30)
"""How long a change can be undone."""

DRAFT_RETENTION: Final = timedelta(days=30)

OPERATOR_REQUEST_RETENTION: Final = timedelta(days=30)
"""How long the operator can ask for an outcome."""

_PURGED: Final = "(SELECT member_id FROM members WHERE keeps_history = 0)"
_ANSWERED: Final = (
    "sent_at <= (SELECT max(replied_at) FROM exchanges WHERE exchanges.member_id = messages.member_id"
    " AND exchanges.thread_id = messages.thread_id AND replied_at < $1)"
)


async def purge(transaction: Transaction, cutoff: datetime, *, now: datetime) -> int:
    """Delete rows older than `cutoff`, but not of members who keep their history; the number of deleted messages.

    The messages of a thread up to the last reply before `cutoff` have been answered and nothing later depends on them,
    so the later exchanges and the window computed from the remaining messages stay the same.
    """
    at = to_micros(cutoff)
    answered = f"FROM messages WHERE {_ANSWERED} AND member_id IN {_PURGED}"
    [[purged]] = await transaction.fetch(f"SELECT count(*) {answered}", at)
    await transaction.fetch(f"DELETE {answered}", at)
    await transaction.fetch(f"DELETE FROM exchanges WHERE replied_at < $1 AND member_id IN {_PURGED}", at)
    await transaction.fetch(f"DELETE FROM jobs WHERE day < $1 AND member_id IN {_PURGED}", cutoff.date().isoformat())
    await transaction.fetch(
        f"DELETE FROM occurrences WHERE settled_at < $1 AND member_id IN {_PURGED}"
        " AND (told_at IS NOT NULL OR state IN ('delivered', 'superseded'))",
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
    await operator_requests.purge(transaction, before=now - OPERATOR_REQUEST_RETENTION)
    return int(purged)
