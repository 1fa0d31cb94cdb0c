"""All rows of one member, for the export, and their erasure."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Final

from bot.domain.types import MemberId
from storage.database import Executor, Row, Transaction, sql_placeholders

TABLES: Final = (
    "members", "muted_clients", "threads", "messages", "exchanges", "windows", "snoozes", "drafts", "jobs",
    "profile_items", "goals", "calibrations", "inboxes", "changes", "changed_messages", "changed_threads", "deliveries",
    "occurrences", "announcement_recipients", "cards", "card_items", "mail_addresses", "mail_paths",
    "unconfirmed_messages", "mail_days",
)  # fmt: skip
"""Every table that has rows of members, each after those it refers to. What is kept after an erasure is not in it."""


RECENT_MEMBERS: Final = 20
"""Deliveries, or members, among whose members `find_recent_member_with_few_messages` chooses."""


def stream_member_table(
    transaction: Transaction, member_id: MemberId, table: str, columns: Sequence[str]
) -> AsyncIterator[list[Row]]:
    """The member's rows of a table in parts."""
    return transaction.stream(f"SELECT {', '.join(columns)} FROM {table} WHERE member_id = $1", member_id)


def stream_member_history(transaction: Transaction, member_id: MemberId) -> AsyncIterator[list[Row]]:
    """The member's messages by time in parts: the columns that the history of an export is written from.

    A history holds what the reply rate is made of: contact requests are only among all that is exported.
    """
    return transaction.stream(
        "SELECT thread_id, client, title, title_key, unsorted, direction, sent_at, kind, site"
        " FROM messages JOIN threads USING (member_id, thread_id) WHERE member_id = $1"
        " AND kind NOT IN ('contact_request', 'contacted') ORDER BY sent_at, message_id",
        member_id,
    )


async def count_member_rows(transaction: Transaction, member_id: MemberId) -> dict[str, int]:
    """The number of the member's rows by table."""
    return {
        table: await transaction.fetch_number(f"SELECT count(*) FROM {table} WHERE member_id = $1", member_id)
        for table in TABLES
    }


async def find_recent_member_with_few_messages(transaction: Transaction) -> MemberId | None:
    """One of the members with the newest deliveries, else the newest members: the one with the fewest messages."""
    for newest in ("deliveries ORDER BY delivery_id", "members ORDER BY joined_at"):
        row = await transaction.fetch_one(
            "SELECT member_id, (SELECT count(*) FROM messages WHERE messages.member_id = newest.member_id) AS size"
            f" FROM (SELECT member_id FROM {newest} DESC LIMIT {RECENT_MEMBERS}) AS newest ORDER BY size LIMIT 1"
        )
        if row is not None:
            return MemberId(row[0])
    return None


async def erase_member(transaction: Transaction, member_id: MemberId) -> None:
    """Delete every row of the member, the rows that refer to others first.

    Not left to the foreign keys: some of them refuse instead of deleting, and which of them runs first depends on the
    order in which they were made, which pg_restore changes.
    """
    await _delete_member_rows(transaction, reversed(TABLES), member_id)


ROWS_AT_ONCE: Final = 5_000
"""Messages, or rows of another table of `LONG_TABLES`, that are deleted in one transaction: some ten milliseconds."""

LONG_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "changed_messages": ("change_id", "message_id"),
    "exchanges": ("thread_id", "replied_at"),
    "messages": ("message_id",),
}
"""The tables that may have a hundred thousand rows of one member, by the columns that order these."""

_LEFT_FOR_LATER: Final = frozenset({"members", "threads", "changes", *LONG_TABLES})
"""A member of whom these are left is not shown, and nothing is sent to them."""


async def has_long_record(reader: Executor, member_id: MemberId, *, rows: int) -> bool:
    """Whether one of the long tables has more rows of the member."""
    longest = " UNION ALL ".join(
        f"SELECT count(*) AS rows_there FROM (SELECT 1 FROM {table} WHERE member_id = $1 LIMIT $2) AS some_rows"
        for table in LONG_TABLES
    )
    sql = f"SELECT max(rows_there) FROM ({longest}) AS counted"
    return await reader.fetch_number(sql, member_id, rows + 1) > rows


async def erase_all_but_record(transaction: Transaction, member_id: MemberId) -> None:
    """Delete every row of the member except those of the record itself, which nothing is sent or shown of."""
    await _delete_member_rows(
        transaction, (table for table in reversed(TABLES) if table not in _LEFT_FOR_LATER), member_id
    )


async def erase_record_batch(transaction: Transaction, member_id: MemberId, table: str, *, rows: int) -> bool:
    """Delete some rows of one of the long tables; False, and nothing deleted, where there are no more than that."""
    key = ", ".join(LONG_TABLES[table])
    last = await transaction.fetch_one(
        f"SELECT {key} FROM {table} WHERE member_id = $1 ORDER BY {key} LIMIT 1 OFFSET $2", member_id, rows
    )
    if last is not None:
        sql = f"DELETE FROM {table} WHERE member_id = $1 AND ({key}) < ({sql_placeholders(last, 2)})"
        await transaction.fetch(sql, member_id, *last)
    return last is not None


async def _delete_member_rows(transaction: Transaction, tables: Iterable[str], member_id: MemberId) -> None:
    for table in tables:
        await transaction.fetch(f"DELETE FROM {table} WHERE member_id = $1", member_id)
