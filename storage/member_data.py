"""Everything about one member, table by table, as it is stored; and taking it all out."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.types import MemberId
from storage.database import Row, Transaction, Value

TABLES: Final = (
    "members", "threads", "messages", "exchanges", "windows", "snoozes", "drafts", "jobs", "profile_items", "goals",
    "calibrations", "inboxes", "changes", "changed_messages", "deliveries", "occurrences",
)  # fmt: skip
"""Every table that holds rows of members."""


async def dump_member(transaction: Transaction, member: MemberId) -> dict[str, list[dict[str, Value]]]:
    """Each table's rows, column by column."""
    found: dict[str, list[dict[str, Value]]] = {}
    for table in TABLES:
        columns = await transaction.columns(table)
        rows = await transaction.fetch(f"SELECT {', '.join(columns)} FROM {table} WHERE member_id = $1", member)
        found[table] = await asyncio.to_thread(_as_dicts, columns, rows)  # there may be 200,000
    return found


def _as_dicts(columns: Sequence[str], rows: Iterable[Row]) -> list[dict[str, Value]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


async def count_rows(transaction: Transaction, member: MemberId) -> dict[str, int]:
    """How many rows there are in each table."""
    found = {}
    for table in TABLES:
        [row] = await transaction.fetch(f"SELECT count(*) FROM {table} WHERE member_id = $1", member)
        found[table] = int(row[0])
    return found


async def erase_member(transaction: Transaction, member: MemberId) -> None:
    """Take out everything; what hangs on the member goes with them."""
    await transaction.fetch("DELETE FROM members WHERE member_id = $1", member)
