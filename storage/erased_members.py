"""Erasures that were carried out: one row a member, kept when the member's other rows are deleted. Table: `erasures`.

The row is written in the transaction that deletes, so an erasure that was refused has none. A member whose row is not
newer than their erasure came back with a restored backup, or has a long record that is deleted step by step: nobody
sees them (`IS_CURRENT`), and the next start, the periodic tasks, or the next change of their record erases them again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.types import MemberId
from storage import member_data
from storage.database import Database, Executor, Transaction
from storage.discord_ids import message_id_at
from storage.rows import RowParser

IS_CURRENT: Final = (
    "NOT EXISTS (SELECT 1 FROM erasures"
    " WHERE erasures.member_id = members.member_id AND erasures.erased_at >= members.joined_at)"
)
"""Condition on `members`: the row is newer than the member's last erasure."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """The last erasure of a member."""

    member_id: MemberId
    erased_at: datetime
    last_read_message_id: int
    """No Discord message up to this one is read again."""


_erasure_from_row: Final = RowParser(Erasure, last_read_message_id="handled_id")
_SELECT: Final = f"SELECT {', '.join(_erasure_from_row.columns)} FROM erasures"


async def erase_and_store_erasure(
    transaction: Transaction,
    member_id: MemberId,
    *,
    now: datetime,
    last_read_message_id: int | None,
    rows_at_once: int = member_data.ROWS_AT_ONCE,
) -> None:
    """Delete everything about a member and store that it was deleted.

    Of a long record `erase_rest_of_record` deletes the rest.
    `last_read_message_id`: the newest Discord message that is not to be read again; None: those until now.
    """
    row = await transaction.fetch_one(
        "SELECT joined_at, coalesce(handled_id, 0) FROM members WHERE member_id = $1 FOR NO KEY UPDATE", member_id
    )
    joined_at, handled_id = (instant_from_micros(row[0]), int(row[1])) if row else (now, 0)
    if await member_data.has_long_record(transaction, member_id, rows=rows_at_once):
        await member_data.erase_all_but_record(transaction, member_id)
    else:
        await member_data.erase_member(transaction, member_id)
    newest = message_id_at(now) if last_read_message_id is None else last_read_message_id
    # A clock that was set back since the member joined must not make the erasure older than what it deleted.
    await save_erasures(transaction, [Erasure(member_id, max(now, joined_at), max(newest, handled_id))])


async def erase_rest_of_record(
    database: Database, member_id: MemberId, *, rows_at_once: int = member_data.ROWS_AT_ONCE
) -> None:
    """Delete what `erase_and_store_erasure` has left of a long record in steps, between which others write.

    Ends where the member has come back meanwhile: then all of it was deleted before their first new record.
    """
    for table in member_data.LONG_TABLES:
        more = True
        while more:
            async with database.write() as transaction:
                if not await _has_rows_left(transaction, member_id):
                    return
                more = await member_data.erase_record_batch(transaction, member_id, table, rows=rows_at_once)
    async with database.write() as transaction:
        if await _has_rows_left(transaction, member_id):
            await member_data.erase_member(transaction, member_id)


async def _has_rows_left(transaction: Transaction, member_id: MemberId) -> bool:
    """Whether there is a row of the member from before their erasure; it is locked."""
    return bool(
        await transaction.fetch(
            f"SELECT 1 FROM members WHERE member_id = $1 AND NOT {IS_CURRENT} FOR NO KEY UPDATE", member_id
        )
    )


async def save_erasures(transaction: Transaction, erasures: Iterable[Erasure], *, noted: bool = False) -> None:
    """Store erasures; a later instant or message of a member is never replaced by an earlier one."""
    await transaction.execute_many(
        "INSERT INTO erasures (member_id, erased_at, handled_id, noted) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (member_id) DO UPDATE SET noted = excluded.noted,"
        "  erased_at = CASE WHEN excluded.erased_at > erasures.erased_at THEN excluded.erased_at"
        "   ELSE erasures.erased_at END,"
        "  handled_id = CASE WHEN excluded.handled_id > erasures.handled_id THEN excluded.handled_id"
        "   ELSE erasures.handled_id END",
        [(*_erasure_from_row.values(erasure), int(noted)) for erasure in erasures],
    )


async def load_erasures(reader: Executor) -> dict[MemberId, Erasure]:
    """Every erasure, by member."""
    rows = await reader.fetch(_SELECT)
    return {MemberId(row[0]): _erasure_from_row(*row) for row in rows}


async def list_erasures_without_note(reader: Executor) -> list[Erasure]:
    """The erasures of which there is no note outside of the database yet."""
    return await reader.fetch_parsed(_erasure_from_row, f"{_SELECT} WHERE noted = 0")


async def mark_erasures_noted(transaction: Transaction, erasures: Iterable[Erasure]) -> None:
    """Notes of these were written; not of an erasure that came after it."""
    await transaction.execute_many(
        "UPDATE erasures SET noted = 1 WHERE member_id = $1 AND erased_at = $2 AND handled_id = $3",
        map(_erasure_from_row.values, erasures),
    )


async def list_returned_members(reader: Executor) -> list[MemberId]:
    """The members with rows from before their erasure: of a restored backup, or the rest of a long record."""
    return await reader.fetch_parsed(
        MemberId,
        "SELECT members.member_id FROM erasures JOIN members ON members.member_id = erasures.member_id"
        " WHERE members.joined_at <= erasures.erased_at",
    )


async def list_members_recorded_since_erasure(reader: Executor, erasures: Sequence[Erasure]) -> set[MemberId]:
    """Those of the members who were known before the erasure and have recorded something since."""
    by_id = {erasure.member_id: erasure for erasure in erasures}
    rows = await reader.fetch_for_ids(
        "SELECT member_id, joined_at,"
        " (SELECT max(recorded_at) FROM messages WHERE messages.member_id = members.member_id),"
        " (SELECT max(changed_at) FROM changes WHERE changes.member_id = members.member_id),"
        " (SELECT max(drafted_at) FROM drafts WHERE drafts.member_id = members.member_id)"
        " FROM members WHERE member_id IN ({ids})",
        ids=list(by_id),
    )
    return {
        MemberId(member_id)
        for member_id, joined_at, *instants in rows
        if joined_at
        <= instant_to_micros(by_id[member_id].erased_at)
        < max((instant for instant in instants if instant is not None), default=0)
    }
