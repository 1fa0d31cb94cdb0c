"""The members: their preferences, their badge, and the channel of their direct messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final, get_args

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.certification.editions import get_edition
from bot.domain.certification.forecast import FIRST_DAY, LAST_DAY
from bot.domain.certification.ranks import Rank
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.domain.types import Edition, Locale, MemberId
from bot.domain.zones import parse_zone_name
from bot.errors import InvalidInputError
from storage import blocked_users, member_data
from storage.database import Executor, Select, Transaction, parse_first_row, sql_assignments
from storage.erased_members import IS_CURRENT

MIN_STORED_INTEGER: Final = -(2**63)

MAX_MICROS: Final = instant_to_micros(datetime.max.replace(tzinfo=UTC))
"""The last instant that can be read."""


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
    """A row of `members`. A preference of None is the operator's default; the empty string is none at all.

    This is the one place where stored choices are read: what cannot be read stands for its default and is named in
    `unreadable`, so that nothing that reads a member fails by it.
    """

    id: MemberId
    locale: Locale | None
    timezone: str | None
    edition: Edition | None
    lead_times: str | None
    quiet_hours: str | None
    seen_locale: Locale | None
    """The locale that Discord showed last."""
    line_locale: Locale | None
    """The language of the line that the member typed last; not kept up to date once Discord has shown a locale."""
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
    rank: Rank | None
    """As Lancers shows it, by what the member says; None: not said."""
    rank_on: date | None
    """The day on which the member said so."""
    digest_rank: Rank | None
    """The last rank that a digest knew."""
    digest_at: datetime | None
    """When the next digest is due; None when it has not been computed, or none is wanted."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """The stored choices that cannot be read, by field; they stay stored until the member chooses again."""


_FIELDS: Final = tuple(item.name for item in fields(Member) if item.name != "unreadable")
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
MAX_CACHED_CHOICES: Final = 1000


def _checked_text_reader(parse: Callable[[str], object]) -> Callable[[str], str]:
    """A reader of a text that stays as it is stored; it raises what `parse` raises."""

    @lru_cache(MAX_CACHED_CHOICES)
    def read(text: str) -> str:
        parse(text)
        return text

    return read


@cache
def _read_locale(text: str) -> str:
    if text not in get_args(Locale):
        raise ValueError(text)
    return text


def _read_review_day(day: int) -> int:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(day)
    return day


_READERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "id": MemberId,
    "locale": _read_locale,
    "timezone": _checked_text_reader(parse_zone_name),
    "edition": _checked_text_reader(lambda name: get_edition(Edition(name))),
    "lead_times": _checked_text_reader(parse_lead_times),
    "quiet_hours": _checked_text_reader(parse_quiet_hours),
    "seen_locale": _read_locale,
    "line_locale": _read_locale,
    "badge": Badge,
    "badge_since": instant_from_micros,
    "direct_messages": DmStatus,
    "unread_since": instant_from_micros,
    "last_login": date.fromisoformat,
    "review_day": _read_review_day,
    "digest": Digest,
    "rank": Rank,
    "rank_on": date.fromisoformat,
    "digest_rank": Rank,
    "keeps_history": bool,
    "takes_announcements": bool,
    "blocked": bool,
    "digest_at": instant_from_micros,
}
"""How a value is read that is stored in another form, or that may not be readable."""

_DEFAULTS: Final[Mapping[str, object]] = {"badge": Badge.UNKNOWN, "direct_messages": DmStatus.UNTRIED}
"""What stands for a value that cannot be read; None for every other field."""

CHOICES: Final = (
    "locale", "timezone", "edition", "lead_times", "quiet_hours", "badge", "badge_since", "last_login", "review_day",
    "digest", "rank", "rank_on",
)  # fmt: skip
"""The fields that the member chose: if one cannot be read, they are asked to choose again."""


def _member_from_row(*row: Any) -> Member:
    """The member of a row of `_COLUMNS`."""
    values: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    unreadable: dict[str, str] = {}
    for name, read in _READERS.items():
        stored = values[name]
        if stored is None:
            continue
        try:
            values[name] = read(stored)
        except (InvalidInputError, ValueError, OverflowError):
            values[name] = _DEFAULTS.get(name)
            if name in CHOICES:
                unreadable[name] = str(stored)
    return Member(**values, unreadable=unreadable)


def with_chosen_values(member: Member, **chosen: Any) -> Member:
    """The member with new values of fields; a chosen field counts as readable."""
    unreadable = {name: stored for name, stored in member.unreadable.items() if name not in chosen}
    return replace(member, **chosen, unreadable=unreadable)


_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM members"


member_query: Final = Select(
    _COLUMNS, f"FROM members WHERE member_id = $1 AND {IS_CURRENT}", parse_first_row(_member_from_row)
)
"""The member with an id; None when the bot does not know them."""

erased_up_to_query: Final = Select(("handled_id",), "FROM erasures WHERE member_id = $1", parse_first_row(int))
"""The newest message before the last erasure of somebody who may not be a member; None when there was none."""


locked_member_query: Final = Select(
    _COLUMNS, f"FROM members WHERE member_id = $1 AND {IS_CURRENT} FOR NO KEY UPDATE", parse_first_row(_member_from_row)
)
"""As `member_query`, and locks the row: no other transaction changes what the member has until this one ends."""


async def lock_member(transaction: Transaction, member_id: MemberId) -> Member | None:
    """Lock the member's row as by `locked_member_query`; the member, if the bot knows them."""
    return await transaction.query(locked_member_query(member_id))


async def is_member_stored(transaction: Transaction, member_id: MemberId) -> bool:
    """Whether there is a row of the member, also one from before their erasure; it is locked as by `lock_member`."""
    return bool(await transaction.fetch("SELECT 1 FROM members WHERE member_id = $1 FOR NO KEY UPDATE", member_id))


async def get_or_create_member(transaction: Transaction, member_id: MemberId, *, now: datetime) -> Member:
    """The member, added if new, and locked as by `lock_member`.

    Rows of a member who was erased, which came back with a restored backup, are erased before the new one is added.
    """
    if member := await lock_member(transaction, member_id):
        return member
    if await is_member_stored(transaction, member_id):
        await member_data.erase_member(transaction, member_id)
    # Who was erased is a new member, later than the erasure, of whom nothing from before it is read again.
    await transaction.fetch(
        "INSERT INTO members (member_id, joined_at, handled_id)"
        " SELECT CAST($1 AS BIGINT), CASE WHEN erased_at >= $2 THEN erased_at + 1 ELSE $2 END, handled_id"
        " FROM (SELECT 1 AS one) AS one LEFT JOIN erasures ON erasures.member_id = $1 WHERE one = 1"
        " ON CONFLICT DO NOTHING",
        member_id,
        now,
    )
    member = await lock_member(transaction, member_id)
    assert member is not None, "inserted above, or by another transaction"  # noqa: S101 — narrows the type
    return member


async def lock_and_count_members(transaction: Transaction) -> int:
    """The number of members, under a lock: no other transaction adds one before this one ends."""
    await transaction.lock("members")
    return await transaction.fetch_number("SELECT count(*) FROM members")


async def save_daily_record_count(transaction: Transaction, member_id: MemberId, day: date, count: int) -> None:
    """Store the number of a day's records. The member must be locked."""
    sql = "UPDATE members SET counted = $3, counted_on = $2 WHERE member_id = $1"
    await transaction.execute(sql, member_id, day, count)


_CHOSEN: Final = (*CHOICES, "fallback_channel_id", "keeps_history", "takes_announcements", "digest_at")
"""The fields that `update_preferences` stores; their columns have the same names."""


async def update_preferences(transaction: Transaction, member: Member) -> None:
    """Store what the member can choose, and the digest's next time. What could not be read stays as it is stored."""
    readable = {name: getattr(member, name) for name in _CHOSEN if name not in member.unreadable}
    sql = f"UPDATE members SET {sql_assignments(readable, 2)} WHERE member_id = $1"
    await transaction.fetch(sql, member.id, *readable.values())


async def set_next_digest(transaction: Transaction, member_id: MemberId, digest_at: datetime | None) -> None:
    """Store when the next digest is due."""
    sql = "UPDATE members SET digest_at = $2 WHERE member_id = $1"
    await transaction.execute(sql, member_id, digest_at)


async def set_digest_rank(transaction: Transaction, member_id: MemberId, rank: Rank) -> None:
    """Store the rank that a digest has named, or that was the same as before."""
    await transaction.execute("UPDATE members SET digest_rank = $2 WHERE member_id = $1", member_id, rank)


async def set_seen_locale(transaction: Transaction, member_id: MemberId, locale: Locale) -> None:
    """Store the locale that Discord showed last."""
    await transaction.execute("UPDATE members SET seen_locale = $2 WHERE member_id = $1", member_id, locale)


async def set_line_locale(transaction: Transaction, member_id: MemberId, locale: Locale) -> None:
    """Store the language of a typed line."""
    await transaction.execute("UPDATE members SET line_locale = $2 WHERE member_id = $1", member_id, locale)


async def mark_dm_open(transaction: Transaction, member_id: MemberId, channel_id: int) -> None:
    """Store the channel in which a direct message was delivered or received."""
    sql = "UPDATE members SET channel_id = $2, direct_messages = 'open' WHERE member_id = $1"
    await transaction.execute(sql, member_id, channel_id)


async def mark_dm_refused(transaction: Transaction, member_id: MemberId) -> None:
    """Store that Discord does not let the bot write to the member."""
    await transaction.execute("UPDATE members SET direct_messages = 'refused' WHERE member_id = $1", member_id)


async def set_last_read_message(transaction: Transaction, member_id: MemberId, discord_message_id: int) -> None:
    """Store that every message of the direct message up to this one was read; never set back to an older one."""
    sql = "UPDATE members SET handled_id = $2 WHERE member_id = $1 AND (handled_id IS NULL OR handled_id < $2)"
    await transaction.execute(sql, member_id, discord_message_id)


async def mark_unread_since(transaction: Transaction, member_id: MemberId, since: datetime) -> None:
    """Store that messages from `since` on could not be read."""
    await transaction.fetch("UPDATE members SET unread_since = $2 WHERE member_id = $1", member_id, since)


async def clear_unread_since(transaction: Transaction, member_id: MemberId, since: datetime) -> None:
    """Note that the member was notified of the messages that could not be read since then.

    Changes nothing if `mark_unread_since` has stored another instant meanwhile.
    """
    await transaction.fetch(
        "UPDATE members SET unread_since = NULL WHERE member_id = $1 AND unread_since = $2", member_id, since
    )


async def find_member_by_dm_channel(reader: Executor, channel_id: int) -> MemberId | None:
    """The member with this direct-message channel."""
    return await reader.fetch_one_parsed(MemberId, "SELECT member_id FROM members WHERE channel_id = $1", channel_id)


async def list_members_with_dm_channel(reader: Executor) -> list[Member]:
    """Every member whose direct-message channel is known, except those who are blocked. Read after the bot was away."""
    condition = f"channel_id IS NOT NULL AND {IS_CURRENT} AND {blocked_users.NOT_BLOCKED}"
    return await reader.fetch_parsed(_member_from_row, f"{_SELECT} WHERE {condition} ORDER BY member_id")


async def list_member_ids_after(reader: Executor, last: MemberId, *, limit: int) -> list[MemberId]:
    """The ids of the next members, in their order."""
    return await reader.fetch_parsed(
        MemberId, "SELECT member_id FROM members WHERE member_id > $1 ORDER BY member_id LIMIT $2", last, limit
    )


async def list_members_due_digest(
    reader: Executor, now: datetime, *, after: tuple[int, MemberId] | None, limit: int
) -> list[tuple[int, MemberId]]:
    """Since when a digest is due, and whose; the longest due first, those behind `after`.

    The instant is in microseconds, as it is stored: the nonce of the digest is made of it, and it may be out of range.
    """
    sql = (
        f"SELECT digest_at, member_id FROM members WHERE digest_at <= $1 AND {IS_CURRENT}"
        " AND (digest_at, member_id) > ($2, $3) ORDER BY digest_at, member_id LIMIT $4"
    )
    rows = await reader.fetch(sql, now, *(after or (MIN_STORED_INTEGER, 0)), limit)
    return [(int(digest_at), MemberId(member_id)) for digest_at, member_id in rows]


async def next_stored_digest_at(reader: Executor, now: datetime) -> datetime | None:
    """When the next digest after `now` is due."""
    sql = "SELECT min(digest_at) FROM members WHERE digest_at > $1 AND digest_at <= $2"
    return await reader.fetch_one_parsed(instant_from_micros, sql, now, MAX_MICROS)
