"""The addresses to which members have mails forwarded, how many came, and on which paths.

Messages that were recorded from paths not confirmed yet are marked. Tables: `mail_addresses`, `mail_days`,
`mail_paths`, `unconfirmed_messages`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.domain.types import MailPathId, MailToken, MemberId, MessageId, ThreadId
from storage.database import Executor, Select, Transaction, sql_placeholders
from storage.erased_members import IS_CURRENT
from storage.rows import RowParser


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddress:
    """A row of `mail_addresses`."""

    member_id: MemberId
    token: MailToken
    made_at: datetime
    asked_at: datetime
    """When the member last asked for the address."""
    paused_at: datetime | None
    """Since when no mail is recorded; None: it is not paused."""
    tested_at: datetime | None
    """Since when a test waits for a mail; None: none does."""
    last_mail_at: datetime | None
    confirmed_recipient: str | None
    """A keyed hash of the address to which Lancers writes to the member; None until they have confirmed a mail."""


_mail_address_from_row: Final = RowParser(MailAddress)
_COLUMNS: Final = ", ".join(_mail_address_from_row.columns)
_SELECT: Final = f"SELECT {_COLUMNS} FROM mail_addresses"


async def find_mail_address(reader: Executor, member_id: MemberId) -> MailAddress | None:
    """The member's address, if they have one."""
    return await reader.fetch_one_parsed(_mail_address_from_row, f"{_SELECT} WHERE member_id = $1", member_id)


async def find_mail_addresses_by_token(reader: Executor, tokens: Collection[MailToken]) -> list[MailAddress]:
    """The addresses with these tokens; none of a member who came back with a backup from before their erasure."""
    if not tokens:
        return []
    sql = (
        f"{_SELECT} WHERE token IN ({sql_placeholders(tokens)}) AND member_id IN"
        f" (SELECT member_id FROM members WHERE {IS_CURRENT})"
    )
    return await reader.fetch_parsed(_mail_address_from_row, sql, *tokens)


async def get_or_create_mail_address(
    transaction: Transaction, member_id: MemberId, new_token: MailToken, *, now: datetime
) -> MailAddress:
    """The member's address, with `new_token` if they have none yet; noted as asked for now."""
    [row] = await transaction.fetch(
        "INSERT INTO mail_addresses (member_id, token, made_at, asked_at) VALUES ($1, $2, $3, $3)"
        f" ON CONFLICT (member_id) DO UPDATE SET asked_at = excluded.asked_at RETURNING {_COLUMNS}",
        member_id,
        new_token,
        now,
    )
    return _mail_address_from_row(*row)


async def replace_mail_address(
    transaction: Transaction, member_id: MemberId, new_token: MailToken, *, now: datetime
) -> MailAddress:
    """Give the member another address: the former one is valid no more. What was confirmed counts no more either."""
    await delete_mail_address(transaction, member_id)
    return await get_or_create_mail_address(transaction, member_id, new_token, now=now)


async def delete_mail_address(transaction: Transaction, member_id: MemberId) -> None:
    """Delete the member's address, with what was confirmed of its mails."""
    await transaction.fetch("DELETE FROM mail_addresses WHERE member_id = $1", member_id)


async def set_mail_paused(transaction: Transaction, member_id: MemberId, since: datetime | None) -> None:
    """Record no mails from now on, or go on (None)."""
    await transaction.fetch("UPDATE mail_addresses SET paused_at = $2 WHERE member_id = $1", member_id, since)


async def set_mail_test(transaction: Transaction, member_id: MemberId, since: datetime | None) -> None:
    """Note that a test waits for a mail, or none does (None)."""
    await transaction.fetch("UPDATE mail_addresses SET tested_at = $2 WHERE member_id = $1", member_id, since)


async def set_confirmed_mail_recipient(transaction: Transaction, member_id: MemberId, recipient: str | None) -> None:
    """Store to which address Lancers writes to the member (a keyed hash)."""
    sql = "UPDATE mail_addresses SET confirmed_recipient = $2 WHERE member_id = $1"
    await transaction.fetch(sql, member_id, recipient)


async def set_last_mail_at(transaction: Transaction, member_id: MemberId, *, now: datetime) -> None:
    """Store when a mail last came for the member."""
    sql = "UPDATE mail_addresses SET last_mail_at = $2 WHERE member_id = $1"
    await transaction.fetch(sql, member_id, now)


async def count_mail_of_day(transaction: Transaction, member_id: MemberId, day: date) -> None:
    """Count a mail that came for the member on this day of the Japanese calendar."""
    await transaction.fetch(
        "INSERT INTO mail_days (member_id, day, mails) SELECT member_id, $2, 1 FROM mail_addresses WHERE member_id = $1"
        " ON CONFLICT (member_id, day) DO UPDATE SET mails = mail_days.mails + 1",
        member_id,
        day,
    )


async def count_mails_since(reader: Executor, member_id: MemberId, since: date) -> int:
    """How many mails came for the member on this day and after it."""
    sql = "SELECT coalesce(sum(mails), 0) FROM mail_days WHERE member_id = $1 AND day >= $2"
    return await reader.fetch_number(sql, member_id, since)


class PathState(StrEnum):
    """What the member has said of the mails of a path."""

    NEW = "new"
    """Nothing yet: they are recorded, and marked."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """One of them was not from Lancers: they are asked about before they are recorded."""


@dataclass(frozen=True, slots=True)
class MailPath:
    """A row of `mail_paths`."""

    id: MailPathId
    state: PathState
    recipient: str | None
    """A keyed hash of the address in the To field of all its mails; None once two differ."""


_mail_path_from_row: Final = RowParser(MailPath, id="path_id")
_PATH_COLUMNS: Final = ", ".join(_mail_path_from_row.columns)

unconfirmed_in_thread_query: Final = Select(
    ("message_id",),
    "FROM unconfirmed_messages WHERE member_id = $1 AND message_id IN"
    " (SELECT message_id FROM messages WHERE member_id = $1 AND thread_id = $2)",
    list,
)
"""The messages of a thread that are not confirmed, a row for each."""


async def save_seen_mail_path(
    transaction: Transaction, member_id: MemberId, path: str, recipient: str | None, *, now: datetime
) -> tuple[MailPath, bool]:
    """Store that a mail came on this path (a keyed hash), with this recipient; the path, and whether it is a new one.

    The member must be locked.
    """
    rows = await transaction.fetch(
        "UPDATE mail_paths SET seen_at = $4, recipient = CASE WHEN recipient = $3 THEN recipient END"
        f" WHERE member_id = $1 AND path = $2 RETURNING {_PATH_COLUMNS}",
        member_id,
        path,
        recipient,
        now,
    )
    if is_new := not rows:
        rows = await transaction.fetch(
            "INSERT INTO mail_paths (member_id, path, state, recipient, seen_at) VALUES ($1, $2, 'new', $3, $4)"
            f" RETURNING {_PATH_COLUMNS}",
            member_id,
            path,
            recipient,
            now,
        )
    return _mail_path_from_row(*rows[0]), is_new


async def find_mail_path_of_message(reader: Executor, member_id: MemberId, message_id: MessageId) -> MailPath | None:
    """The path of a message that was recorded from it and is not confirmed yet."""
    return await reader.fetch_one_parsed(
        _mail_path_from_row,
        f"SELECT {_PATH_COLUMNS} FROM mail_paths JOIN unconfirmed_messages USING (member_id, path_id)"
        " WHERE member_id = $1 AND message_id = $2",
        member_id,
        message_id,
    )


async def mark_message_unconfirmed(
    transaction: Transaction, member_id: MemberId, message_id: MessageId, path: MailPathId
) -> None:
    """Mark a message as recorded from a mail of a path that is not confirmed."""
    await transaction.fetch(
        "INSERT INTO unconfirmed_messages (member_id, message_id, path_id) SELECT member_id, message_id, $3"
        " FROM messages WHERE member_id = $1 AND message_id = $2 ON CONFLICT DO NOTHING",
        member_id,
        message_id,
        path,
    )


async def set_mail_path_state(
    transaction: Transaction, member_id: MemberId, path: MailPathId, state: PathState
) -> set[ThreadId]:
    """Store what the member said of a path; the threads whose messages are marked no more because of it.

    Messages of a confirmed path are marked no more.
    """
    sql = "UPDATE mail_paths SET state = $3 WHERE member_id = $1 AND path_id = $2"
    await transaction.fetch(sql, member_id, path, state)
    if state is not PathState.CONFIRMED:
        return set()
    rows = await transaction.fetch(
        "SELECT DISTINCT thread_id FROM messages JOIN unconfirmed_messages USING (member_id, message_id)"
        " WHERE member_id = $1 AND path_id = $2",
        member_id,
        path,
    )
    await transaction.fetch("DELETE FROM unconfirmed_messages WHERE member_id = $1 AND path_id = $2", member_id, path)
    return {ThreadId(row[0]) for row in rows}


async def delete_mail_paths(transaction: Transaction, member_id: MemberId) -> None:
    """Forget every path of the member, and which messages came on them."""
    await transaction.fetch("DELETE FROM unconfirmed_messages WHERE member_id = $1", member_id)
    await transaction.fetch("DELETE FROM mail_paths WHERE member_id = $1", member_id)
