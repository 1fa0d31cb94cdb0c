"""The snoozes that members chose for reply windows. Table: `snoozes`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.reminders.plan import Snooze
from bot.domain.types import MemberId, MessageId, ThreadId
from storage.database import Select, Transaction, columns_of_row_parser, parse_all_rows, upsert_sql


@dataclass(frozen=True, slots=True)
class StoredSnooze:
    """A row of `snoozes`."""

    window_id: MessageId | None
    """The oldest message of the window at that time, perhaps deleted since; None in rows of earlier versions."""
    window_opened_at: datetime
    snooze: Snooze


def _snooze_from_row(window_id: int | None, reminds_from: int, asked_at: int, until: int) -> StoredSnooze:
    return StoredSnooze(
        None if window_id is None else MessageId(window_id),
        instant_from_micros(reminds_from),
        Snooze(instant_from_micros(asked_at), instant_from_micros(until)),
    )


OF_THREAD: Final = Select(
    columns_of_row_parser(_snooze_from_row),
    "FROM snoozes LEFT JOIN messages ON messages.member_id = snoozes.member_id AND message_id = window_id"
    " WHERE snoozes.member_id = $1"
    " AND (messages.thread_id = $2 OR (messages.message_id IS NULL AND snoozes.thread_id = $2))",
    parse_all_rows(_snooze_from_row),
)
"""The snoozes of windows whose messages are in a thread, or were in it until they were deleted."""


async def save_snooze(transaction: Transaction, member_id: MemberId, thread_id: ThreadId, chosen: StoredSnooze) -> None:
    """Store the snooze that the member chose for a thread's window; a newer choice replaces it."""
    key = ("member_id", "thread_id", "reminds_from")
    await transaction.execute(
        upsert_sql("snoozes", (*key, "window_id", "asked_at", "until"), key),
        member_id,
        thread_id,
        instant_to_micros(chosen.window_opened_at),
        chosen.window_id,
        instant_to_micros(chosen.snooze.asked_at),
        instant_to_micros(chosen.snooze.until),
    )
