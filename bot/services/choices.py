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
from bot.domain.types import Edition, Locale, MemberId
from bot.errors import InvalidInputError
from bot.services.follow import follow
from bot.services.preferences import Preferences, digest_at, preferences_of
from bot.settings import MemberDefaults
from storage import members, reply_state
from storage.database import Database
from storage.members import Badge, Digest, Member

_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

DEFAULT: Final = "default"
"""What goes back to the operator's default, or for the locale to Discord's own."""


@dataclass(frozen=True, slots=True)
class Choices:
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
    keeps_history: bool | None = None
    fallback_channel: int | None = None
    """0: none any more."""


class Chooser:
    """Reads and changes what a member chose. `nudge` as in the ledger."""

    def __init__(self, database: Database, defaults: MemberDefaults, nudge: Callable[[], None]) -> None:
        self._database = database
        self._defaults = defaults
        self._nudge = nudge

    async def current(self, member: MemberId) -> tuple[Member | None, Preferences]:
        """The member's row, if known, and what holds for them."""
        row = await self._database.query(members.find(member))
        return row, preferences_of(row, self._defaults)

    async def change(self, member: MemberId, choices: Choices, *, now: datetime) -> tuple[Member, Preferences]:
        """Store the choices. Raises `InputError` for one that cannot be read, and then nothing changed."""
        async with self._database.write() as transaction:
            row = chosen(await members.get_or_create(transaction, member, now=now), choices)
            preferences = preferences_of(row, self._defaults)
            row = replace(row, digest_at=digest_at(row, preferences, now))
            await members.update_preferences(transaction, row)
            for waiting in await transaction.query(reply_state.waiting(member)):
                await follow(transaction, member, waiting.thread.id, preferences.reminders, now=now)
        self._nudge()
        return row, preferences

    async def plan_digest(self, member: MemberId, *, now: datetime) -> None:
        """The next digest after `now`."""
        async with self._database.write() as transaction:
            row = await members.lock(transaction, member)
            if row is not None:
                at = digest_at(row, preferences_of(row, self._defaults), now)
                await members.update_preferences(transaction, replace(row, digest_at=at))


def chosen(member: Member, choices: Choices) -> Member:
    """The member with the choices made. Raises `InputError` for one that cannot be read."""
    changes: dict[str, Any] = {
        name: read(written) for name, read in _READ.items() if (written := getattr(choices, name)) is not None
    }
    if choices.badge is not None:
        since = choices.badge_since if choices.badge is Badge.HELD else None
        changes |= {"badge": choices.badge, "badge_since": since}
    if choices.keeps_history is not None:
        changes["keeps_history"] = choices.keeps_history
    if choices.fallback_channel is not None:
        changes["fallback_channel_id"] = choices.fallback_channel or None
    return replace(member, **changes)


def _read_leads(written: str) -> str | None:
    return None if written.strip() == DEFAULT else format_lead_times(parse_lead_times(written.strip()))


def _read_quiet(written: str) -> str | None:
    return None if written.strip() == DEFAULT else format_quiet_hours(parse_quiet_hours(written.strip()))


def _read_review_day(written: str) -> int | None:
    day = written.strip().translate(_HALF_WIDTH).removesuffix("日")
    if day.casefold() in {DEFAULT, ""}:
        return None
    if not (day.isascii() and day.isdecimal() and FIRST_DAY <= int(day[:3]) <= LAST_DAY):
        raise InvalidInputError("choices-review-day", written=written[:40])
    return int(day)


def _read_digest(written: str) -> Digest | None:
    if written == DEFAULT:
        return None
    if written not in set(Digest):
        raise InvalidInputError("choices-digest", written=written[:40])
    return Digest(written)


def _read_locale(written: str) -> Locale | None:
    if written == DEFAULT:
        return None
    if written not in get_args(Locale):
        raise InvalidInputError("choices-locale-unknown", written=written[:40])
    return cast("Locale", written)


def _read_edition(written: str) -> Edition | None:
    if written == DEFAULT:
        return None
    get_edition(Edition(written))
    return Edition(written)


def _read_zone(written: str) -> str | None:
    """A zone by its IANA name, whatever the case of its letters."""
    name = written.strip()
    if name.casefold() == DEFAULT:
        return None
    known = {each.casefold(): each for each in available_timezones()}
    try:
        return ZoneInfo(known[name.casefold()]).key
    except (KeyError, ZoneInfoNotFoundError, ValueError) as fault:
        raise InvalidInputError("choices-zone-unknown", written=name[:40]) from fault


_READ: Final[Mapping[str, Callable[[str], object]]] = {
    "locale": _read_locale,
    "timezone": _read_zone,
    "edition": _read_edition,
    "lead_times": _read_leads,
    "quiet_hours": _read_quiet,
    "review_day": _read_review_day,
    "digest": _read_digest,
}
"""How each choice is read as the member wrote it."""
