"""The inbox channels: the channel of a server in which a member's mail bridge posts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.types import MemberId
from storage.database import Executor, Transaction, insert_sql
from storage.rows import RowParser


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A row of `inboxes`."""

    channel_id: int
    guild_id: int
    member_id: MemberId
    assigned_at: datetime
    last_read_post_id: int | None = None
    """Discord's id of the newest post that was read; None: none since it was assigned."""
    last_mail_at: datetime | None = None
    """When the last mail of Lancers was read there; None: none yet."""


_inbox_from_row: Final = RowParser(Inbox, assigned_at="chosen_at", last_read_post_id="handled_id")
_COLUMNS: Final = _inbox_from_row.columns
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM inboxes"


async def find_inbox_of_channel(reader: Executor, channel_id: int) -> Inbox | None:
    """The inbox of this channel."""
    return await reader.fetch_one_parsed(_inbox_from_row, f"{_SELECT} WHERE channel_id = $1", channel_id)


async def find_inbox_of_member(reader: Executor, member_id: MemberId) -> Inbox | None:
    """The inbox of this member."""
    return await reader.fetch_one_parsed(_inbox_from_row, f"{_SELECT} WHERE member_id = $1", member_id)


async def list_inboxes(reader: Executor) -> list[Inbox]:
    """Every inbox; their channels are read when the bot was away."""
    return await reader.fetch_parsed(_inbox_from_row, f"{_SELECT} ORDER BY channel_id")


async def set_last_read_post(transaction: Transaction, channel_id: int, post_id: int) -> None:
    """Store that every post of the channel up to this one was read; never set back to an older one."""
    sql = "UPDATE inboxes SET handled_id = $2 WHERE channel_id = $1 AND (handled_id IS NULL OR handled_id < $2)"
    await transaction.fetch(sql, channel_id, post_id)


async def set_last_inbox_mail(transaction: Transaction, channel_id: int, at: datetime) -> None:
    """Store when a notification of Lancers was last read in the channel."""
    await transaction.fetch("UPDATE inboxes SET last_mail_at = $2 WHERE channel_id = $1", channel_id, at)


async def skip_inbox_posts_until(transaction: Transaction, member_id: MemberId, post_id: int) -> None:
    """No post of the member's channel up to this one is read."""
    sql = "UPDATE inboxes SET handled_id = $2 WHERE member_id = $1 AND (handled_id IS NULL OR handled_id < $2)"
    await transaction.fetch(sql, member_id, post_id)


async def save_inbox(transaction: Transaction, inbox: Inbox) -> bool:
    """Replace the member's inbox by this one; False when the channel is the inbox of another member."""
    sql = "DELETE FROM inboxes WHERE member_id = $1 AND channel_id <> $2"
    await transaction.fetch(sql, inbox.member_id, inbox.channel_id)
    sql = (
        f"{insert_sql('inboxes', _COLUMNS)} ON CONFLICT (channel_id) DO UPDATE SET chosen_at = excluded.chosen_at"
        " WHERE inboxes.member_id = excluded.member_id RETURNING channel_id"
    )
    return bool(await transaction.fetch(sql, *_inbox_from_row.values(inbox)))


async def delete_inboxes(transaction: Transaction, *, channel_id: int, guild_id: int) -> list[Inbox]:
    """Delete the inbox of a channel, or every inbox of a server. Returns those that there were."""
    sql = f"DELETE FROM inboxes WHERE channel_id = $1 OR guild_id = $2 RETURNING {', '.join(_COLUMNS)}"
    return await transaction.fetch_parsed(_inbox_from_row, sql, channel_id, guild_id)
