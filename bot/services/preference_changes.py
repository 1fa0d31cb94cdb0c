"""Changing a preference. The open windows are planned anew in the same transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.certification.editions import get_edition
from bot.domain.certification.forecast import FIRST_DAY, LAST_DAY
from bot.domain.reminders.lead_times import format_lead_times, parse_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours, parse_quiet_hours
from bot.domain.text import half_width
from bot.domain.types import Edition, Locale, MemberId
from bot.errors import InvalidInputError
from bot.services.preferences import Preferences, effective_preferences, next_digest_at
from bot.services.projection import recompute_thread
from bot.settings import MemberDefaults
from storage import members, reply_state
from storage.database import Database
from storage.members import Badge, Digest, Member

DEFAULT_WORDS: Final = "default"
"""What goes back to the operator's default, or for the locale to Discord's own."""


@dataclass(frozen=True, slots=True)
class PreferenceChanges:
    """What is to change, as the member wrote it; None leaves a preference as it is."""

    locale: str | None = None
    timezone: str | None = None
    edition: str | None = None
    lead_times: str | None = None
    quiet_hours: str | None = None
    badge: Badge | None = None
    badge_since: datetime | None = None
    review_day: str | None = None
    digest: str | None = None
    keep_history: bool | None = None
    fallback_channel: int | None = None
    """0: none any more."""


class PreferenceService:
    """Reads and changes what a member chose. `nudge` as in the ledger."""

    def __init__(self, database: Database, defaults: MemberDefaults, on_schedule_changed: Callable[[], None]) -> None:
        self._database = database
        self._defaults = defaults
        self._nudge = on_schedule_changed

    async def current(self, member_id: MemberId) -> tuple[Member | None, Preferences]:
        """The member's row, if known, and what holds for them."""
        row = await self._database.query(members.find(member_id))
        return row, effective_preferences(row, self._defaults)

    async def apply(
        self, member_id: MemberId, choices: PreferenceChanges, *, now: datetime
    ) -> tuple[Member, Preferences]:
        """Store the choices. Raises `InputError` for one that cannot be read, and then nothing changed."""
        async with self._database.write() as transaction:
            row = validate_changes(await members.get_or_create(transaction, member_id, now=now), choices)
            preferences = effective_preferences(row, self._defaults)
            row = replace(row, digest_at=next_digest_at(row, preferences, now))
            await members.update_preferences(transaction, row)
            for waiting in await transaction.query(reply_state.waiting(member_id)):
                await recompute_thread(transaction, member_id, waiting.thread.id, preferences.reminders, now=now)
        self._nudge()
        return row, preferences

    async def schedule_next_digest(self, member_id: MemberId, *, now: datetime) -> None:
        """The next digest after `now`."""
        async with self._database.write() as transaction:
            row = await members.lock(transaction, member_id)
            if row is not None:
                at = next_digest_at(row, effective_preferences(row, self._defaults), now)
                await members.update_preferences(transaction, replace(row, digest_at=at))


def validate_changes(member: Member, choices: PreferenceChanges) -> Member:
    """The member with the choices made. Raises `InputError` for one that cannot be read."""
    changes: dict[str, Any] = {
        name: read(text) for name, read in _PARSERS.items() if (text := getattr(choices, name)) is not None
    }
    if choices.badge is not None:
        since = choices.badge_since if choices.badge is Badge.HELD else None
        changes |= {"badge": choices.badge, "badge_since": since}
    if choices.keep_history is not None:
        changes["keeps_history"] = choices.keep_history
    if choices.fallback_channel is not None:
        changes["fallback_channel_id"] = choices.fallback_channel or None
    return replace(member, **changes)


def _parse_lead_times(text: str) -> str | None:
    return None if text.strip() == DEFAULT_WORDS else format_lead_times(parse_lead_times(text.strip()))


def _parse_quiet_hours(text: str) -> str | None:
    return None if text.strip() == DEFAULT_WORDS else format_quiet_hours(parse_quiet_hours(text.strip()))


def _parse_review_day(text: str) -> int | None:
    day = half_width(text).strip().removesuffix("日")
    if day.casefold() in {DEFAULT_WORDS, ""}:
        return None
    if not (day.isascii() and day.isdecimal() and FIRST_DAY <= int(day[:3]) <= LAST_DAY):
        raise InvalidInputError("choices-review-day", written=text[:40])
    return int(day)


def _parse_digest(text: str) -> Digest | None:
    if text == DEFAULT_WORDS:
        return None
    if text not in set(Digest):
        raise InvalidInputError("choices-digest", written=text[:40])
    return Digest(text)


def _parse_locale(text: str) -> Locale | None:
    if text == DEFAULT_WORDS:
        return None
    if text not in get_args(Locale):
        raise InvalidInputError("choices-locale-unknown", written=text[:40])
    return cast("Locale", text)


def _parse_edition(text: str) -> Edition | None:
    if text == DEFAULT_WORDS:
        return None
    get_edition(Edition(text))
    return Edition(text)


def _parse_timezone(text: str) -> str | None:
    """A zone by its IANA name, whatever the case of its letters."""
    name = text.strip()
    if name.casefold() == DEFAULT_WORDS:
        return None
    known = {each.casefold(): each for each in available_timezones()}
    try:
        return ZoneInfo(known[name.casefold()]).key
    except (KeyError, ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInputError("choices-zone-unknown", written=name[:40]) from error


_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "locale": _parse_locale,
    "timezone": _parse_timezone,
    "edition": _parse_edition,
    "lead_times": _parse_lead_times,
    "quiet_hours": _parse_quiet_hours,
    "review_day": _parse_review_day,
    "digest": _parse_digest,
}
"""How each choice is read as the member wrote it."""
