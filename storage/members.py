"""The members: their preferences, their badge, and the channel of their direct messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import starmap
from typing import Any, Final

from bot.domain.calendar import from_micros, to_micros
from bot.domain.types import Edition, Locale, MemberId
from storage import blocked_users, member_data
from storage.database import Executor, Query, Transaction, assignments
from storage.erasures import IS_CURRENT


class Badge(StrEnum):
    """Whether Lancers has granted the certification."""

    UNKNOWN = "unknown"
    HELD = "held"
    NOT_HELD = "not_held"


class DmStatus(StrEnum):
    """Whether Discord lets the bot write to the member."""

    UNTRIED = "untried"
    OPEN = "open"
    REFUSED = "refused"


class Digest(StrEnum):
    """How often a member gets the digest."""

    OFF = "off"
    MONTHLY = "monthly"
    """On the day after each monthly review (docs/domain-facts.md#monthly-review)."""
    WEEKLY = "weekly"
    """Also every Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A row of `members`. A preference of None is the operator's default; the empty string is none at all."""

    id: MemberId
    locale: Locale | None
    timezone: str | None
    edition: Edition | None
    lead_times: str | None
    quiet_hours: str | None
    seen_locale: Locale | None
    """The locale that Discord showed last."""
    badge: Badge
    badge_since: datetime | None
    channel_id: int | None
    last_read_message_id: int | None
    """The newest Discord message of the direct-message channel that was read."""
    direct_messages: DmStatus
    unread_since: datetime | None
    """From then on the member may have sent messages that could not be read."""
    last_login: date | None
    review_day: int | None
    """None when not known: the first of the month is assumed."""
    digest: Digest | None
    fallback_channel_id: int | None
    keeps_history: bool
    """Old rows are not purged."""
    takes_announcements: bool
    """The operator's announcements are sent to the member."""
    blocked: bool
    """By the operator: nothing is recorded, and nothing is sent."""
    erased_up_to: int
    """No Discord message up to this one is read: they are from before an erasure. 0: there was none."""
    digest_at: datetime | None
    """When the next digest is due; None when it has not been computed, or none is wanted."""


_FIELDS: Final = tuple(field.name for field in fields(Member))
_ERASED_UP_TO: Final = (
    "coalesce((SELECT erasures.handled_id FROM erasures WHERE erasures.member_id = members.member_id), 0)"
)
_COLUMN_OF: Final = {
    "id": "member_id",
    "last_read_message_id": "handled_id",
    "erased_up_to": _ERASED_UP_TO,
    "blocked": blocked_users.IS_BLOCKED,
}
_COLUMNS: Final = tuple(_COLUMN_OF.get(name, name) for name in _FIELDS)
"""The columns of `_FIELDS`."""
_READERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "id": MemberId,
    "edition": Edition,
    "badge": Badge,
    "badge_since": from_micros,
    "direct_messages": DmStatus,
    "unread_since": from_micros,
    "last_login": date.fromisoformat,
    "digest": Digest,
    "keeps_history": bool,
    "takes_announcements": bool,
    "blocked": bool,
    "digest_at": from_micros,
}
"""How a value is read that is stored in another form."""


def _member_from_row(*row: Any) -> Member:
    """The member of a row of `_COLUMNS`."""
    values: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    for name, read in _READERS.items():
        if values[name] is not None:
            values[name] = read(values[name])
    return Member(**values)


_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM members"


def find(member_id: MemberId) -> Query[Member | None]:
    """The member; None when the bot does not know them."""
    return Query(
        _COLUMNS,
        f"FROM members WHERE member_id = $1 AND {IS_CURRENT}",
        (member_id,),
        lambda rows: _member_from_row(*rows[0]) if rows else None,
    )


async def lock(transaction: Transaction, member_id: MemberId) -> Member | None:
    """The member, if known; no other transaction changes their rows until this one ends."""
    row = await transaction.fetch_one(f"{_SELECT} WHERE member_id = $1 AND {IS_CURRENT} FOR NO KEY UPDATE", member_id)
    return _member_from_row(*row) if row else None


async def get_or_create(transaction: Transaction, member_id: MemberId, *, now: datetime) -> Member:
    """The member, added if new, and locked as by `lock`."""
    if member := await lock(transaction, member_id):
        return member
    if await transaction.fetch("SELECT 1 FROM members WHERE member_id = $1 FOR NO KEY UPDATE", member_id):
        await member_data.erase_member(transaction, member_id)  # came back with a restored backup
    # Who was erased is a new member, later than the erasure, of whom nothing from before it is read again.
    await transaction.fetch(
        "INSERT INTO members (member_id, joined_at, handled_id)"
        " SELECT CAST($1 AS BIGINT), CASE WHEN erased_at >= $2 THEN erased_at + 1 ELSE $2 END, handled_id"
        " FROM (SELECT 1 AS one) AS one LEFT JOIN erasures ON erasures.member_id = $1 WHERE one = 1"
        " ON CONFLICT DO NOTHING",
        member_id,
        to_micros(now),
    )
    member = await lock(transaction, member_id)
    assert member is not None, "inserted above, or by another transaction"  # noqa: S101 — narrows the type
    return member


async def count(transaction: Transaction) -> int:
    """The number of members; none is added by others before this transaction ends."""
    await transaction.lock("members")
    [[count]] = await transaction.fetch("SELECT count(*) FROM members")
    return int(count)


async def increment_daily_count(transaction: Transaction, member_id: MemberId, day: date) -> int:
    """Count a record made on a day; the number of that day's records. The member must be locked."""
    sql = (
        "UPDATE members SET counted = CASE WHEN counted_on = $2 THEN counted + 1 ELSE 1 END, counted_on = $2"
        " WHERE member_id = $1 RETURNING counted"
    )
    [row] = await transaction.fetch(sql, member_id, day.isoformat())
    return int(row[0])


async def update_preferences(transaction: Transaction, member: Member) -> None:
    """Store what the member can choose, and the digest's next time."""
    values = {
        "locale": member.locale,
        "timezone": member.timezone,
        "edition": member.edition,
        "lead_times": member.lead_times,
        "quiet_hours": member.quiet_hours,
        "badge": member.badge,
        "badge_since": None if member.badge_since is None else to_micros(member.badge_since),
        "last_login": None if member.last_login is None else member.last_login.isoformat(),
        "review_day": member.review_day,
        "digest": member.digest,
        "fallback_channel_id": member.fallback_channel_id,
        "keeps_history": int(member.keeps_history),
        "takes_announcements": int(member.takes_announcements),
        "digest_at": None if member.digest_at is None else to_micros(member.digest_at),
    }
    sql = f"UPDATE members SET {assignments(values, 2)} WHERE member_id = $1"
    await transaction.fetch(sql, member.id, *values.values())


async def set_seen_locale(transaction: Transaction, member_id: MemberId, locale: Locale) -> None:
    """Store the locale that Discord showed last."""
    await transaction.fetch("UPDATE members SET seen_locale = $2 WHERE member_id = $1", member_id, locale)


async def mark_dm_open(transaction: Transaction, member_id: MemberId, channel_id: int) -> None:
    """A direct message was delivered or received in this channel."""
    sql = "UPDATE members SET channel_id = $2, direct_messages = 'open' WHERE member_id = $1"
    await transaction.fetch(sql, member_id, channel_id)


async def mark_dm_refused(transaction: Transaction, member_id: MemberId) -> None:
    """Discord does not let the bot write to the member."""
    await transaction.fetch("UPDATE members SET direct_messages = 'refused' WHERE member_id = $1", member_id)


async def set_last_read(transaction: Transaction, member_id: MemberId, discord_message_id: int) -> None:
    """Every message of the direct-message channel up to this one was read; never set back to an older one."""
    sql = "UPDATE members SET handled_id = $2 WHERE member_id = $1 AND (handled_id IS NULL OR handled_id < $2)"
    await transaction.fetch(sql, member_id, discord_message_id)


async def mark_unreadable_since(transaction: Transaction, member_id: MemberId, since: datetime | None) -> None:
    """Messages from `since` on could not be read; None: the member has been notified of it."""
    sql = "UPDATE members SET unread_since = $2 WHERE member_id = $1"
    await transaction.fetch(sql, member_id, None if since is None else to_micros(since))


async def list_with_dm_channel(reader: Executor) -> list[Member]:
    """Every member whose direct-message channel is known, but who is blocked; it is read when the bot was away."""
    condition = f"channel_id IS NOT NULL AND {IS_CURRENT} AND {blocked_users.NOT_BLOCKED}"
    rows = await reader.fetch(f"{_SELECT} WHERE {condition} ORDER BY member_id")
    return list(starmap(_member_from_row, rows))


async def members_due_digest(reader: Executor, now: datetime, *, limit: int) -> list[tuple[MemberId, datetime]]:
    """Whose digest is due, and since when; the longest due first."""
    sql = f"SELECT member_id, digest_at FROM members WHERE digest_at <= $1 AND {IS_CURRENT} ORDER BY digest_at LIMIT $2"
    rows = await reader.fetch(sql, to_micros(now), limit)
    return [(MemberId(member_id), from_micros(digest_at)) for member_id, digest_at in rows]


async def next_digest_after(reader: Executor, now: datetime) -> datetime | None:
    """When the next digest after `now` is due."""
    [[digest_at]] = await reader.fetch("SELECT min(digest_at) FROM members WHERE digest_at > $1", to_micros(now))
    return None if digest_at is None else from_micros(digest_at)
