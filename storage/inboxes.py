"""The inbox channels: whose mail bridge posts where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.types import MemberId, from_micros, to_micros
from storage.database import Executor, Row, Transaction


@dataclass(frozen=True, slots=True)
class Inbox:
    """One row: a channel of a server, and whose it is."""

    channel_id: int
    guild_id: int
    member: MemberId
    assigned_at: datetime


_COLUMNS: Final = "channel_id, guild_id, member_id, chosen_at"


def _inbox(row: Row) -> Inbox:
    channel, guild, member, chosen_at = row
    return Inbox(channel, guild, MemberId(member), from_micros(chosen_at))


async def for_channel(reader: Executor, channel_id: int) -> Inbox | None:
    """Whose inbox a channel is."""
    row = await reader.fetch_one(f"SELECT {_COLUMNS} FROM inboxes WHERE channel_id = $1", channel_id)
    return _inbox(row) if row else None


async def for_member(reader: Executor, member: MemberId) -> Inbox | None:
    """The member's inbox."""
    row = await reader.fetch_one(f"SELECT {_COLUMNS} FROM inboxes WHERE member_id = $1", member)
    return _inbox(row) if row else None


async def save(transaction: Transaction, inbox: Inbox) -> bool:
    """Make a channel the member's inbox, instead of the one before; False: it is somebody else's."""
    await transaction.fetch(
        "DELETE FROM inboxes WHERE member_id = $1 AND channel_id <> $2", inbox.member, inbox.channel_id
    )
    rows = await transaction.fetch(
        "INSERT INTO inboxes (channel_id, guild_id, member_id, chosen_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (channel_id) DO UPDATE SET chosen_at = excluded.chosen_at"
        " WHERE inboxes.member_id = excluded.member_id RETURNING channel_id",
        inbox.channel_id,
        inbox.guild_id,
        inbox.member,
        to_micros(inbox.assigned_at),
    )
    return bool(rows)


async def delete(transaction: Transaction, *, channel_id: int = 0, guild_id: int = 0) -> None:
    """A channel, or every channel of a server, is nobody's inbox any more."""
    await transaction.fetch("DELETE FROM inboxes WHERE channel_id = $1 OR guild_id = $2", channel_id, guild_id)
