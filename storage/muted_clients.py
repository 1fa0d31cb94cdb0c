"""The clients of whom a member wants no reminders. Table: `muted_clients`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_from_micros
from bot.domain.types import MemberId, MutedClientId
from storage.database import Executor, Select, Transaction, insert_sql, parse_first_row
from storage.rows import RowParser


@dataclass(frozen=True, slots=True)
class MutedClient:
    """A row of `muted_clients`."""

    id: MutedClientId
    client: str
    """The name at that time."""
    client_key: str
    muted_at: datetime


_muted_client_from_row: Final = RowParser(MutedClient, id="muted_id")
_COLUMNS: Final = ", ".join(_muted_client_from_row.columns)
_INSERT: Final = (
    insert_sql("muted_clients", ("member_id", "client_key", "client", "muted_at")) + " ON CONFLICT DO NOTHING"
)

OF_THREAD: Final = (
    "FROM muted_clients WHERE muted_clients.member_id = $1 AND muted_clients.client_key = threads.client_key"
)
"""The row of the client of a thread; $1 is the member."""


async def list_muted_clients(reader: Executor, member_id: MemberId) -> list[MutedClient]:
    """The member's muted clients, the last one first."""
    sql = f"SELECT {_COLUMNS} FROM muted_clients WHERE member_id = $1 ORDER BY muted_at DESC, muted_id DESC"
    return await reader.fetch_parsed(_muted_client_from_row, sql, member_id)


client_muted_since_query: Final = Select(
    ("muted_at",),
    "FROM muted_clients JOIN threads USING (member_id, client_key) WHERE member_id = $1 AND thread_id = $2",
    parse_first_row(instant_from_micros),
)
"""Since when the client of a thread is muted; None if it is not."""


async def find_muted_client(reader: Executor, member_id: MemberId, muted_id: MutedClientId) -> MutedClient | None:
    """The row, if it is this member's."""
    sql = f"SELECT {_COLUMNS} FROM muted_clients WHERE member_id = $1 AND muted_id = $2"
    return await reader.fetch_one_parsed(_muted_client_from_row, sql, member_id, muted_id)


async def mute_client(
    transaction: Transaction, member_id: MemberId, client: str, client_key: str, *, now: datetime
) -> MutedClient:
    """Mute a client; one that is muted already stays as it is."""
    await transaction.fetch(_INSERT, member_id, client_key, client, now)
    sql = f"SELECT {_COLUMNS} FROM muted_clients WHERE member_id = $1 AND client_key = $2"
    [row] = await transaction.fetch(sql, member_id, client_key)
    return _muted_client_from_row(*row)


async def unmute_client(transaction: Transaction, member_id: MemberId, muted_id: MutedClientId) -> None:
    """Mute a client no more."""
    await transaction.fetch("DELETE FROM muted_clients WHERE member_id = $1 AND muted_id = $2", member_id, muted_id)
