"""The paths of members' mails, and the messages that were recorded from paths not confirmed yet.

Tables: `mail_paths`, `unconfirmed_messages`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.calendar import instant_to_micros
from bot.domain.types import MailPathId, MemberId, MessageId, ThreadId
from storage.database import Executor, Select, Transaction, columns_of_row_parser


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


def _mail_path_from_row(path_id: int, state: str, recipient: str | None) -> MailPath:
    return MailPath(MailPathId(path_id), PathState(state), recipient)


_COLUMNS: Final = ", ".join(columns_of_row_parser(_mail_path_from_row))

UNCONFIRMED_IN_THREAD: Final = Select(
    ("message_id",),
    "FROM unconfirmed_messages WHERE member_id = $1 AND message_id IN"
    " (SELECT message_id FROM messages WHERE member_id = $1 AND thread_id = $2)",
    list,
)
"""The messages of a thread that are not confirmed, a row for each."""


async def save_seen_mail_path(
    transaction: Transaction, member_id: MemberId, path: str, recipient: str | None, *, now: datetime
) -> MailPath:
    """Store that a mail came on this path (a keyed hash), with this recipient; the path, new if it was not known."""
    [row] = await transaction.fetch(
        "INSERT INTO mail_paths (member_id, path, state, recipient, seen_at) VALUES ($1, $2, 'new', $3, $4)"
        " ON CONFLICT (member_id, path) DO UPDATE SET seen_at = excluded.seen_at,"
        " recipient = CASE WHEN mail_paths.recipient = excluded.recipient THEN excluded.recipient END"
        f" RETURNING {_COLUMNS}",
        member_id,
        path,
        recipient,
        instant_to_micros(now),
    )
    return _mail_path_from_row(*row)


async def find_mail_path_of_message(reader: Executor, member_id: MemberId, message_id: MessageId) -> MailPath | None:
    """The path of a message that was recorded from it and is not confirmed yet."""
    row = await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM mail_paths JOIN unconfirmed_messages USING (member_id, path_id)"
        " WHERE member_id = $1 AND message_id = $2",
        member_id,
        message_id,
    )
    return _mail_path_from_row(*row) if row else None


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
