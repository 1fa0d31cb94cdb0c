"""The totals that an operator watches, from small indexes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.database import Executor
from storage.erased_members import IS_CURRENT

ACTIVE_WITHIN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers over all members."""

    members: int
    open_windows: int
    planned_reminders: int


async def count_totals(reader: Executor) -> Totals:
    """The totals now."""
    [row] = await reader.fetch(
        "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM windows WHERE dismissed = 0),"
        " (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL)"
        " + (SELECT count(*) FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL)"
    )
    return Totals(*row)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCounts:
    """Numbers of members, of which nobody can be named."""

    members: int
    joined: int
    """In the past 30 days."""
    active: int
    """Who recorded something in the past 30 days."""
    waiting: int
    """Whose clients wait for a reply."""
    unreachable: int
    """Who take no direct messages from the bot."""
    without_announcements: int
    blocked: int
    """Members or not."""


_MEMBER_COUNTS: Final = {
    "members": f"SELECT count(*) FROM members WHERE {IS_CURRENT}",
    "joined": f"SELECT count(*) FROM members WHERE joined_at >= $1 AND {IS_CURRENT}",
    "active": "SELECT count(DISTINCT member_id) FROM messages WHERE recorded_at >= $1",
    "waiting": "SELECT count(DISTINCT member_id) FROM windows WHERE dismissed = 0",
    "unreachable": f"SELECT count(*) FROM members WHERE direct_messages = 'refused' AND {IS_CURRENT}",
    "without_announcements": f"SELECT count(*) FROM members WHERE takes_announcements = 0 AND {IS_CURRENT}",
    "blocked": "SELECT count(*) FROM blocked_users",
}


async def count_members(reader: Executor, *, now: datetime) -> MemberCounts:
    """Count the members now. Reads every message."""
    counts = ", ".join(f"({count})" for count in _MEMBER_COUNTS.values())
    [row] = await reader.fetch(f"SELECT {counts}", now - ACTIVE_WITHIN)
    return MemberCounts(**dict(zip(_MEMBER_COUNTS, row, strict=True)))
