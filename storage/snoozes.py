"""The snoozes that members chose for reply windows. Table: `snoozes`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.reminders.plan import Snooze
from bot.domain.types import MemberId, MessageId, ThreadId
from storage.database import Select, Transaction, parse_all_rows, upsert_sql
from storage.rows import RowParser


@dataclass(frozen=True, slots=True)
class StoredSnooze:
    """A row of `snoozes`."""

    window_id: MessageId | None
    """The oldest message of the window at that time, perhaps deleted since; None in rows of earlier versions."""
    window_opened_at: datetime
    snooze: Snooze


_snooze_from_row: Final = RowParser(StoredSnooze, window_opened_at="reminds_from", snooze=RowParser(Snooze))

thread_snooze_query: Final = Select(
    _snooze_from_row.columns,
    "FROM snoozes LEFT JOIN messages ON messages.member_id = snoozes.member_id AND message_id = window_id"
    " WHERE snoozes.member_id = $1"
    " AND (messages.thread_id = $2 OR (messages.message_id IS NULL AND snoozes.thread_id = $2))",
    parse_all_rows(_snooze_from_row),
)
"""The snoozes of windows whose messages are in a thread, or were in it until they were deleted."""


async def save_snooze(transaction: Transaction, member_id: MemberId, thread_id: ThreadId, chosen: StoredSnooze) -> None:
    """Store the snooze that the member chose for a thread's window; a newer choice replaces it."""
    key = ("member_id", "thread_id", "reminds_from")
    sql = upsert_sql("snoozes", ("member_id", "thread_id", *_snooze_from_row.columns), key)
    await transaction.execute(sql, member_id, thread_id, *_snooze_from_row.values(chosen))
