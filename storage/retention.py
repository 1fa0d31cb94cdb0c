"""Delete what is too old to matter. Unanswered messages are kept, however old they are."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.calendar import lancers_date, year_before
from bot.domain.types import MemberId
from storage import cards
from storage.database import Transaction

UNDO_RETENTION: Final = timedelta(days=30)
"""How long a change can be undone."""

DRAFT_RETENTION: Final = timedelta(days=30)

_MEMBERS: Final = "member_id BETWEEN $2 AND $3"
_PURGED: Final = f"(SELECT member_id FROM members WHERE keeps_history = 0 AND {_MEMBERS})"
_DISPLAYED_FROM: Final = (
    "(SELECT max(counted_from) FROM calibrations WHERE calibrations.member_id = exchanges.member_id"
    " AND reply_rate IS NOT NULL AND replies IS NOT NULL AND shown_on >= $4)"
)
_RECORDED_FROM: Final = (
    "(SELECT max(replied_at) FROM exchanges AS former WHERE former.member_id = exchanges.member_id"
    f" AND former.replied_at <= {_DISPLAYED_FROM})"
)
_OLD_REPLY: Final = f"replied_at < $1 AND replied_at < COALESCE({_RECORDED_FROM}, {_DISPLAYED_FROM}, $1)"
"""A reply that counts no more: neither in the year, nor in the rate that was displayed in it, nor is it the last one
before the year of that display, which shows that the record began before it (`storage/exchanges.py`)."""
_ANSWERED: Final = (
    "sent_at <= (SELECT max(replied_at) FROM exchanges WHERE exchanges.member_id = messages.member_id"
    f" AND exchanges.thread_id = messages.thread_id AND {_OLD_REPLY})"
)
_ENDED_ELSEWHERE: Final = (
    "sent_at < $1 AND thread_id IN (SELECT threads.thread_id FROM threads WHERE threads.member_id = messages.member_id"
    " AND site <> 'lancers') AND NOT EXISTS (SELECT 1 FROM windows WHERE windows.member_id = messages.member_id"
    " AND windows.thread_id = messages.thread_id AND oldest_at <= messages.sent_at)"
)
"""In a thread on another site, which has no exchanges: what came before all that is unanswered."""

_OLD_ROWS: Final = {
    "occurrences": (
        "settled_at < $1 AND (told_at IS NOT NULL OR state IN ('delivered', 'superseded')"
        " OR kind IN ('unanswered', 'client_silent'))"
    ),
    "deliveries": (
        "created_at < $1 AND NOT EXISTS (SELECT 1 FROM occurrences"
        " WHERE occurrences.member_id = deliveries.member_id AND occurrences.delivery_id = deliveries.delivery_id)"
    ),
    "threads": "used_at < $1"
    + "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {table}"
        f" WHERE {table}.member_id = threads.member_id AND {table}.thread_id = threads.thread_id)"
        for table in ("messages", "occurrences", "changed_messages")
    ),
    "muted_clients": (
        "muted_at < $1 AND NOT EXISTS (SELECT 1 FROM threads"
        " WHERE threads.member_id = muted_clients.member_id AND threads.client_key = muted_clients.client_key)"
    ),
    "mail_paths": (
        "seen_at < $1 AND state = 'new' AND NOT EXISTS (SELECT 1 FROM unconfirmed_messages"
        " WHERE unconfirmed_messages.member_id = mail_paths.member_id"
        " AND unconfirmed_messages.path_id = mail_paths.path_id)"
    ),
}
"""The condition of a table's old rows to which nothing refers any more; each table after those that refer to it."""


async def purge_old_rows(
    transaction: Transaction,
    first: MemberId,
    last: MemberId,
    cutoff: datetime,
    *,
    first_job_day: date,
    now: datetime,
) -> int:
    """Delete rows older than `cutoff` of the members with ids from `first` to `last`; the number of deleted messages.

    Jobs are deleted that were completed before `first_job_day`.
    Members who keep their history lose only what can be undone or asked no more. The messages of a thread up to the
    last reply before `cutoff` have been answered and nothing later depends on them, so the later exchanges and the
    window computed from the remaining messages stay the same.
    """
    span, displayed_since = (first, last), lancers_date(year_before(now))
    answered = f"FROM messages WHERE ({_ANSWERED} OR ({_ENDED_ELSEWHERE})) AND member_id IN {_PURGED}"
    purged = await transaction.fetch_number(f"SELECT count(*) {answered}", cutoff, *span, displayed_since)
    await transaction.fetch(f"DELETE {answered}", cutoff, *span, displayed_since)
    await transaction.fetch(
        f"DELETE FROM exchanges WHERE {_OLD_REPLY} AND member_id IN {_PURGED}", cutoff, *span, displayed_since
    )
    await transaction.fetch(f"DELETE FROM jobs WHERE day < $1 AND member_id IN {_PURGED}", first_job_day, *span)
    for table, condition in _OLD_ROWS.items():
        await transaction.fetch(f"DELETE FROM {table} WHERE {condition} AND member_id IN {_PURGED}", cutoff, *span)
    await transaction.fetch(
        f"DELETE FROM mail_days WHERE day < $1 AND member_id IN {_PURGED}", lancers_date(cutoff), *span
    )
    await cards.purge_cards(transaction, first, last, now=now)
    undo_until, drafts_until = now - UNDO_RETENTION, now - DRAFT_RETENTION
    await transaction.fetch(f"DELETE FROM changes WHERE changed_at < $1 AND {_MEMBERS}", undo_until, *span)
    await transaction.fetch(f"DELETE FROM drafts WHERE drafted_at < $1 AND {_MEMBERS}", drafts_until, *span)
    await transaction.fetch(f"DELETE FROM snoozes WHERE until < $1 AND {_MEMBERS}", undo_until, *span)
    return purged
