"""Changing preferences, by which the reminders of open windows are planned again.

A few windows are planned in the same transaction, many in batches, so that others can write in between.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any, Final, get_args
from zoneinfo import available_timezones

from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import get_edition
from bot.domain.certification.forecast import FIRST_DAY, LAST_DAY
from bot.domain.certification.ranks import Rank
from bot.domain.reminders.lead_times import format_lead_times, parse_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours, parse_quiet_hours
from bot.domain.text import NONE_WORDS, format_excerpt, to_half_width
from bot.domain.types import Edition, Locale, MemberId, ThreadId, UndoStepId
from bot.domain.zones import parse_zone_name
from bot.errors import InvalidInputError
from bot.i18n.zone_search import SHARED_LETTERS, search_zones_by_name
from bot.services.bulk_changes import REPLANNED_KIND, BulkChangeRunner
from bot.services.members import Preferences, effective_preferences, next_digest_at
from bot.services.projection import recompute_threads_one_by_one
from bot.services.record_transaction import RecordTransactions
from bot.settings import MemberDefaults
from storage import cards, members, undo_log, waiting_threads
from storage.database import Transaction
from storage.members import Badge, Digest, Member

DEFAULT_WORD: Final = "default"
"""Resets a preference to the operator's default, and the locale to that of Discord."""

MIN_LEAD: Final = timedelta(minutes=1)
"""Cards name lead times in minutes."""

_ZONE_LABEL: Final = re.compile(r"(\S+)\s.*\(UTC[+-][0-9:]+\)")
"""A suggestion that was typed instead of chosen: `Asia/Tokyo  11月24日 12:00 (UTC+9)`."""

MAX_NAMED_ZONES: Final = 3
"""Zones that a refusal names, where several fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanges:
    """New values, as the member wrote them; None leaves a preference unchanged."""

    locale: str | None = None
    timezone: str | None = None
    edition: str | None = None
    lead_times: str | None = None
    quiet_hours: str | None = None
    badge: Badge | None = None
    badge_since: datetime | None = None
    review_day: str | None = None
    digest: str | None = None
    rank: str | None = None
    rank_on: date | None = None
    """The day on which the rank was declared; None: today."""
    keep_history: bool | None = None
    announcements: bool | None = None
    fallback_channel: int | None = None
    """A channel's id; 0 removes it."""


class PreferenceService:
    """Changes preferences. The schedule and what cards show may have changed after each commit."""

    def __init__(self, transactions: RecordTransactions, bulk_changes: BulkChangeRunner) -> None:
        self._transactions = transactions
        self._database = transactions.database
        self._defaults = transactions.defaults
        self._bulk_changes = bulk_changes

    async def apply_changes(
        self, member_id: MemberId, changes: PreferenceChanges, *, now: datetime
    ) -> tuple[Member, Preferences]:
        """Save new values. Raises `InvalidInputError` for one that cannot be read; then nothing is saved."""
        if changes.timezone is not None:
            # Names of places are read from files the first time.
            zone = await asyncio.to_thread(resolve_zone_name, changes.timezone.strip(), now)
            changes = replace(changes, timezone=zone)
        if changes.rank is not None and changes.rank_on is None:
            changes = replace(changes, rank_on=lancers_date(now))
        async with self._database.write() as transaction:
            member = validate_changes(await members.get_or_create_member(transaction, member_id, now=now), changes)
            most = self._bulk_changes.limits.batch_threads
            member, preferences, step_id = await save_preferences(
                transaction, member, self._defaults, now=now, max_threads=most
            )
        if step_id is not None:
            await self._bulk_changes.replan_reminders(member_id, step_id, now=now)
        self._transactions.on_schedule_changed()
        self._transactions.on_cards_changed()
        return member, preferences

    async def schedule_next_digest(self, member_id: MemberId, *, now: datetime, shown_rank: Rank | None) -> None:
        """Plan the next digest after `now`. `shown_rank`: the rank in the last one, if that is another one."""
        async with self._database.write() as transaction:
            member = await members.lock_member(transaction, member_id)
            if member is not None:
                digest_at = next_digest_at(member, effective_preferences(member, self._defaults), now)
                await members.set_next_digest(transaction, member_id, digest_at)
                if shown_rank is not None:
                    await members.set_digest_rank(transaction, member_id, shown_rank)


async def save_preferences(
    transaction: Transaction, member: Member, defaults: MemberDefaults, *, now: datetime, max_threads: int | None = None
) -> tuple[Member, Preferences, UndoStepId | None]:
    """Store a member's preferences with everything that follows from them: the next digest, and planned reminders.

    With more open windows than `max_threads` none is planned here: the step that is returned plans them in batches.
    """
    preferences = effective_preferences(member, defaults)
    member = replace(member, digest_at=next_digest_at(member, preferences, now))
    await members.update_preferences(transaction, member)
    limit = sys.maxsize if max_threads is None else max_threads + 1
    reminded = await waiting_threads.list_thread_ids_with_reminders(
        transaction, member.id, now=now, after=ThreadId(0), limit=limit
    )
    if max_threads is not None and len(reminded) > max_threads:
        return member, preferences, await undo_log.begin_undo_step(transaction, member.id, REPLANNED_KIND, now=now)
    await recompute_threads_one_by_one(
        transaction, member.id, reminded, preferences.reminders, now=now, replanning=True
    )
    await cards.mark_cards_changed(transaction, member.id, reminded, now=now)  # receipts name the reminders
    return member, preferences, None


def validate_changes(member: Member, changes: PreferenceChanges) -> Member:
    """The member with the new values. Raises `InvalidInputError` for one that cannot be read."""
    texts = {name: text.strip() for name in _PARSERS if (text := getattr(changes, name)) is not None}
    columns: dict[str, Any] = {
        name: None if _means_default(text) else _PARSERS[name](text) for name, text in texts.items()
    }
    if changes.badge is not None:
        since = changes.badge_since if changes.badge is Badge.HELD else None
        columns |= {"badge": changes.badge, "badge_since": since}
    if "rank" in columns:
        columns["rank_on"] = None if columns["rank"] is None else changes.rank_on
    columns |= _reconcile_badge_and_rank(member, columns)
    if changes.keep_history is not None:
        columns["keeps_history"] = changes.keep_history
    if changes.announcements is not None:
        columns["takes_announcements"] = changes.announcements
    if changes.fallback_channel is not None:
        columns["fallback_channel_id"] = changes.fallback_channel or None
    return members.with_chosen_values(member, **columns)


def _reconcile_badge_and_rank(member: Member, columns: Mapping[str, Any]) -> dict[str, Any]:
    """What a new badge or rank changes of the other: the badge is that of the highest rank; the newer word counts."""
    badge, rank = columns.get("badge", member.badge), columns.get("rank", member.rank)
    if rank is None or badge is Badge.UNKNOWN or (badge is Badge.HELD) == (rank is Rank.CERTIFIED):
        return {}
    if "rank" in columns:
        return {"badge": Badge.HELD if rank is Rank.CERTIFIED else Badge.NOT_HELD, "badge_since": None}
    return {"rank": None, "rank_on": None}


def _means_default(text: str) -> bool:
    return to_half_width(text).casefold() == DEFAULT_WORD


def _parse_lead_times_setting(text: str) -> str:
    leads = parse_lead_times(text)
    if leads and leads[-1] < MIN_LEAD:
        raise InvalidInputError("reminders-lead-time-range", written=format_excerpt(text))
    return format_lead_times(leads)


def _parse_review_day_setting(text: str) -> int | None:
    day = re.sub(r"(?<=[0-9])(?:日|st|nd|rd|th)$", "", to_half_width(text).casefold())
    if day in NONE_WORDS:
        return None
    if not (day.isascii() and day.isdecimal() and len(day) <= len(str(LAST_DAY)) and FIRST_DAY <= int(day) <= LAST_DAY):
        raise InvalidInputError("preference-review-day-unreadable", written=format_excerpt(text))
    return int(day)


def _parse_preference_choice(choices: Iterable[str], message_id: str, text: str) -> str:
    """The choice that a text names. Raises `InvalidInputError` with `message_id` where it is none."""
    for choice in choices:
        if choice == text:
            return choice
    raise InvalidInputError(message_id, written=format_excerpt(text))


def resolve_zone_name(text: str, now: datetime) -> str:
    """The IANA name of what is called otherwise (`JST`, `東京`); any other text as it is.

    Raises `InvalidInputError` where several zones are called so.
    """
    if label := _ZONE_LABEL.fullmatch(text):
        text = label[1]
    if text.casefold() in _zone_names().keys() - SHARED_LETTERS or _means_default(text):
        return text
    zones = search_zones_by_name(text, now)
    if len(zones) > 1:
        raise InvalidInputError(
            "preference-zone-several", written=format_excerpt(text), zones=", ".join(zones[:MAX_NAMED_ZONES])
        )
    return zones[0] if zones else text


@cache
def _zone_names() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def _parse_timezone_setting(text: str) -> str:
    """A time zone by its IANA name in any case."""
    return parse_zone_name(_zone_names().get(text.casefold(), text)).key


_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "locale": partial(_parse_preference_choice, get_args(Locale), "preference-locale-unknown"),
    "timezone": _parse_timezone_setting,
    "edition": lambda text: get_edition(Edition(text)).name,
    "lead_times": _parse_lead_times_setting,
    "quiet_hours": lambda text: format_quiet_hours(parse_quiet_hours(text)),
    "review_day": _parse_review_day_setting,
    "digest": partial(_parse_preference_choice, Digest, "preference-digest-unknown"),
    "rank": partial(_parse_preference_choice, Rank, "preference-rank-unknown"),
}
"""The parser of each preference that is written as text."""

WRITTEN_PREFERENCES: Final = tuple(_PARSERS)
