"""All rows of one member, for the export, and their erasure."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from bot.domain.types import MemberId
from storage.database import Row, Transaction

TABLES: Final = (
    "members", "muted_clients", "threads", "messages", "exchanges", "windows", "snoozes", "drafts", "jobs",
    "profile_items", "goals", "calibrations", "inboxes", "changes", "changed_messages", "changed_threads", "deliveries",
    "occurrences", "announcement_recipients", "cards", "card_items", "mail_addresses", "mail_paths",
    "unconfirmed_messages", "mail_days",
)  # fmt: skip
"""Every table that has rows of members, each after those it refers to. What is kept after an erasure is not in it."""


SAMPLE_SIZE: Final = 20
"""Deliveries, or members, among whose members `sample_member` chooses."""


def stream_table(
    transaction: Transaction, member_id: MemberId, table: str, columns: Sequence[str]
) -> AsyncIterator[list[Row]]:
    """The member's rows of a table in parts."""
    return transaction.stream(f"SELECT {', '.join(columns)} FROM {table} WHERE member_id = $1", member_id)


def stream_history(transaction: Transaction, member_id: MemberId) -> AsyncIterator[list[Row]]:
    """The member's messages by time in parts: the columns that the history of an export is written from.

    A history holds what the reply rate is made of: contact requests are only among all that is exported.
    """
    return transaction.stream(
        "SELECT thread_id, client, title, title_key, unsorted, direction, sent_at, kind, site"
        " FROM messages JOIN threads USING (member_id, thread_id) WHERE member_id = $1"
        " AND kind NOT IN ('contact_request', 'contacted') ORDER BY sent_at, message_id",
        member_id,
    )


async def count_rows(transaction: Transaction, member_id: MemberId) -> dict[str, int]:
    """The number of the member's rows by table."""
    row_counts = {}
    for table in TABLES:
        [[count]] = await transaction.fetch(f"SELECT count(*) FROM {table} WHERE member_id = $1", member_id)
        row_counts[table] = int(count)
    return row_counts


async def sample_member(transaction: Transaction) -> MemberId | None:
    """One of the members with the newest deliveries, else the newest members: the one with the fewest messages."""
    for newest in ("deliveries ORDER BY delivery_id", "members ORDER BY joined_at"):
        row = await transaction.fetch_one(
            "SELECT member_id, (SELECT count(*) FROM messages WHERE messages.member_id = newest.member_id) AS size"
            f" FROM (SELECT member_id FROM {newest} DESC LIMIT {SAMPLE_SIZE}) AS newest ORDER BY size LIMIT 1"
        )
        if row is not None:
            return MemberId(row[0])
    return None


async def erase_member(transaction: Transaction, member_id: MemberId) -> None:
    """Delete every row of the member, the rows that refer to others first.

    Not left to the foreign keys: some of them refuse instead of deleting, and which of them runs first depends on the
    order in which they were made, which pg_restore changes.
    """
    for table in reversed(TABLES):
        await transaction.fetch(f"DELETE FROM {table} WHERE member_id = $1", member_id)
