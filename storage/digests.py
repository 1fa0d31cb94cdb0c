"""Whose digest is due."""

from datetime import datetime

from bot.domain.types import MemberId, from_micros, to_micros
from storage.database import Transaction


async def due(transaction: Transaction, now: datetime, *, limit: int) -> list[tuple[MemberId, datetime]]:
    """Who is to get one by now, and since when; the longest waiting first."""
    rows = await transaction.fetch(
        "SELECT member_id, digest_at FROM members WHERE digest_at <= $1 ORDER BY digest_at LIMIT $2",
        to_micros(now),
        limit,
    )
    return [(MemberId(member), from_micros(at)) for member, at in rows]


async def next_after(transaction: Transaction, now: datetime) -> datetime | None:
    """When the next one falls due."""
    row = await transaction.fetch_one("SELECT min(digest_at) FROM members WHERE digest_at > $1", to_micros(now))
    return from_micros(row[0]) if row and row[0] is not None else None
