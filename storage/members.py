"""The members: what each chose, the badge, and where a direct message reaches them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, cast

from bot.domain.types import Edition, Locale, MemberId, from_micros, to_micros
from storage.database import Query, Row, Transaction


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
    """How often a member wants the digest."""

    OFF = "off"
    MONTHLY = "monthly"
    """On the day after each review."""
    WEEKLY = "weekly"
    """That, and every Monday."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row. A choice of None means the operator's default; the empty string means none at all."""

    id: MemberId
    locale: Locale | None
    timezone: str | None
    edition: Edition | None
    lead_times: str | None
    quiet_hours: str | None
    seen_locale: Locale | None
    badge: Badge
    badge_since: datetime | None
    channel_id: int | None
    last_read_message_id: int | None
    """The newest Discord message of the direct-message channel that was taken in."""
    direct_messages: DmStatus
    unread_since: datetime | None
    """From then on messages may have come that could not be read."""
    last_login: date | None
    review_day: int | None
    """None: not known, the first of the month is assumed."""
    digest: Digest | None
    fallback_channel_id: int | None
    keeps_history: bool
    """Old rows are not purged."""
    digest_at: datetime | None


_COLUMNS: Final = (
    "member_id, locale, timezone, edition, lead_times, quiet_hours, seen_locale,"
    " badge, badge_since, channel_id, handled_id, direct_messages, unread_since,"
    " last_login, review_day, digest, fallback_channel_id, keeps_history, digest_at"
)


def _member(row: Row) -> Member:
    number, locale, timezone, edition, lead_times, quiet_hours, seen, badge, since, channel, handled, direct, unread = (
        row[:13]
    )
    login, review_day, digest, fallback, keeps_history, digest_at = row[13:]
    return Member(
        id=MemberId(number),
        locale=cast("Locale | None", locale),
        timezone=timezone,
        edition=edition,
        lead_times=lead_times,
        quiet_hours=quiet_hours,
        seen_locale=cast("Locale | None", seen),
        badge=Badge(badge),
        badge_since=None if since is None else from_micros(since),
        channel_id=channel,
        last_read_message_id=handled,
        direct_messages=DmStatus(direct),
        unread_since=None if unread is None else from_micros(unread),
        last_login=None if login is None else date.fromisoformat(login),
        review_day=review_day,
        digest=None if digest is None else Digest(digest),
        fallback_channel_id=fallback,
        keeps_history=bool(keeps_history),
        digest_at=None if digest_at is None else from_micros(digest_at),
    )


def find(member: MemberId) -> Query[Member | None]:
    """The member, if the bot knows them."""
    return Query(
        f"SELECT {_COLUMNS} FROM members WHERE member_id = $1",
        (member,),
        len(_COLUMNS.split(",")),
        lambda rows: _member(rows[0]) if rows else None,
    )


async def lock(transaction: Transaction, member: MemberId) -> Member | None:
    """The member, if known; until the transaction ends nobody else changes what is theirs."""
    row = await transaction.fetch_one(f"SELECT {_COLUMNS} FROM members WHERE member_id = $1 FOR NO KEY UPDATE", member)
    return _member(row) if row else None


async def get_or_create(transaction: Transaction, member: MemberId, *, now: datetime) -> Member:
    """The member, from now on known, and held as by `hold`."""
    if known := await lock(transaction, member):
        return known
    await transaction.fetch(
        "INSERT INTO members (member_id, joined_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", member, to_micros(now)
    )
    found = await lock(transaction, member)
    assert found is not None, "inserted above, or by somebody else"  # noqa: S101 — narrows the type
    return found


async def count(transaction: Transaction) -> int:
    """How many there are, once nobody else can join before this transaction ends."""
    await transaction.lock("members")
    [[number]] = await transaction.fetch("SELECT count(*) FROM members")
    return int(number)


async def increment_daily_count(transaction: Transaction, member: MemberId, day: date) -> int:
    """A record is being made: the how-manieth of a day it is. The member is held."""
    row = await transaction.fetch_one(
        "UPDATE members SET counted = CASE WHEN counted_on = $2 THEN counted + 1 ELSE 1 END, counted_on = $2"
        " WHERE member_id = $1 RETURNING counted",
        member,
        day.isoformat(),
    )
    assert row is not None, "met before"  # noqa: S101 — narrows the type
    return int(row[0])


async def update_preferences(transaction: Transaction, member: Member) -> None:
    """Store what the member chose."""
    await transaction.fetch(
        "UPDATE members SET locale = $2, timezone = $3, edition = $4, lead_times = $5, quiet_hours = $6,"
        " badge = $7, badge_since = $8, last_login = $9, review_day = $10, digest = $11, fallback_channel_id = $12,"
        " keeps_history = $13, digest_at = $14 WHERE member_id = $1",
        member.id,
        member.locale,
        member.timezone,
        member.edition,
        member.lead_times,
        member.quiet_hours,
        member.badge,
        None if member.badge_since is None else to_micros(member.badge_since),
        None if member.last_login is None else member.last_login.isoformat(),
        member.review_day,
        member.digest,
        member.fallback_channel_id,
        int(member.keeps_history),
        None if member.digest_at is None else to_micros(member.digest_at),
    )


async def set_seen_locale(transaction: Transaction, member: MemberId, locale: Locale) -> None:
    """Keep the locale that Discord showed last."""
    await transaction.fetch("UPDATE members SET seen_locale = $2 WHERE member_id = $1", member, locale)


async def mark_dm_open(transaction: Transaction, member: MemberId, channel_id: int) -> None:
    """A direct message went through, or came, in this channel."""
    await transaction.fetch(
        "UPDATE members SET channel_id = $2, direct_messages = 'open' WHERE member_id = $1", member, channel_id
    )


async def mark_dm_refused(transaction: Transaction, member: MemberId) -> None:
    """Discord does not let the bot write to the member."""
    await transaction.fetch("UPDATE members SET direct_messages = 'refused' WHERE member_id = $1", member)


async def set_last_read(transaction: Transaction, member: MemberId, discord_message_id: int) -> None:
    """Everything in the direct-message channel up to this message was taken in."""
    await transaction.fetch(
        "UPDATE members SET handled_id = $2 WHERE member_id = $1 AND (handled_id IS NULL OR handled_id < $2)",
        member,
        discord_message_id,
    )


async def mark_unreadable_since(transaction: Transaction, member: MemberId, since: datetime | None) -> None:
    """Messages from `since` on could not be read; None: the member has been told."""
    await transaction.fetch(
        "UPDATE members SET unread_since = $2 WHERE member_id = $1",
        member,
        None if since is None else to_micros(since),
    )


async def list_with_dm_channel(transaction: Transaction) -> list[Member]:
    """Every member whose direct-message channel is known: what is read after the bot was away."""
    rows = await transaction.fetch(f"SELECT {_COLUMNS} FROM members WHERE channel_id IS NOT NULL ORDER BY member_id")
    return [_member(row) for row in rows]


async def members_due_digest(transaction: Transaction, now: datetime, *, limit: int) -> list[tuple[MemberId, datetime]]:
    """Who is to get one by now, and since when; the longest waiting first."""
    rows = await transaction.fetch(
        "SELECT member_id, digest_at FROM members WHERE digest_at <= $1 ORDER BY digest_at LIMIT $2",
        to_micros(now),
        limit,
    )
    return [(MemberId(member), from_micros(at)) for member, at in rows]


async def next_digest_after(transaction: Transaction, now: datetime) -> datetime | None:
    """When the next one falls due."""
    row = await transaction.fetch_one("SELECT min(digest_at) FROM members WHERE digest_at > $1", to_micros(now))
    return from_micros(row[0]) if row and row[0] is not None else None
