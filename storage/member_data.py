"""All rows of one member, for the export, and their erasure."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from bot.domain.types import MemberId
from storage.database import Row, Transaction

TABLES: Final = (
    "members", "threads", "messages", "exchanges", "windows", "snoozes", "drafts", "jobs", "profile_items", "goals",
    "calibrations", "inboxes", "changes", "changed_messages", "deliveries", "occurrences",
)  # fmt: skip
"""Every table that has rows of members."""


def stream_table(
    transaction: Transaction, member_id: MemberId, table: str, columns: Sequence[str]
) -> AsyncIterator[list[Row]]:
    """The member's rows of a table in parts."""
    return transaction.stream(f"SELECT {', '.join(columns)} FROM {table} WHERE member_id = $1", member_id)


def stream_history(transaction: Transaction, member_id: MemberId) -> AsyncIterator[list[Row]]:
    """The member's messages by time in parts: the columns that the history of an export is written from."""
    return transaction.stream(
        "SELECT thread_id, client, title, title_key, unsorted, direction, sent_at, kind"
        " FROM messages JOIN threads USING (member_id, thread_id) WHERE member_id = $1 ORDER BY sent_at, message_id",
        member_id,
    )


async def count_rows(transaction: Transaction, member_id: MemberId) -> dict[str, int]:
    """The number of the member's rows by table."""
    row_counts = {}
    for table in TABLES:
        [[count]] = await transaction.fetch(f"SELECT count(*) FROM {table} WHERE member_id = $1", member_id)
        row_counts[table] = int(count)
    return row_counts


async def erase_member(transaction: Transaction, member_id: MemberId) -> None:
    """Delete the member; foreign keys delete every row of theirs."""
    await transaction.fetch("DELETE FROM members WHERE member_id = $1", member_id)
