"""Changing a preference. The open windows are planned anew in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.certification.editions import edition_named
from bot.errors import InputError
from bot.reminders.lead_times import parse_lead_times, print_lead_times
from bot.reminders.quiet_hours import parse_quiet_hours, print_quiet_hours
from bot.services.follow import follow
from bot.services.preferences import Preferences, preferences_of
from bot.settings import Defaults
from bot.values import Edition, Locale, MemberId
from storage import clocks, members
from storage.database import Database
from storage.members import Badge, Member

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


class Chooser:
    """Reads and changes what a member chose. `nudge` as in the ledger."""

    def __init__(self, database: Database, defaults: Defaults, nudge: Callable[[], None]) -> None:
        self._database = database
        self._defaults = defaults
        self._nudge = nudge

    async def current(self, member: MemberId) -> tuple[Member | None, Preferences]:
        """The member's row, if known, and what holds for them."""
        async with self._database.read() as transaction:
            row = await members.find(transaction, member)
        return row, preferences_of(row, self._defaults)

    async def change(self, member: MemberId, choices: Choices, *, now: datetime) -> tuple[Member, Preferences]:
        """Store the choices. Raises `InputError` for one that cannot be read, and then nothing changed."""
        async with self._database.write() as transaction:
            chosen = _chosen(await members.meet(transaction, member, now=now), choices)
            await members.choose(transaction, chosen)
            preferences = preferences_of(chosen, self._defaults)
            for waiting in await clocks.waiting(transaction, member):
                await follow(transaction, member, waiting.thread.id, preferences.reminders, now=now)
        self._nudge()
        return chosen, preferences


def _chosen(member: Member, choices: Choices) -> Member:
    if choices.locale is not None:
        member = replace(member, locale=_read_locale(choices.locale))
    if choices.timezone is not None:
        member = replace(member, timezone=_read_zone(choices.timezone))
    if choices.edition is not None:
        member = replace(member, edition=_read_edition(choices.edition))
    if choices.lead_times is not None:
        written = choices.lead_times.strip()
        leads = None if written == DEFAULT else print_lead_times(parse_lead_times(written))
        member = replace(member, lead_times=leads)
    if choices.quiet_hours is not None:
        written = choices.quiet_hours.strip()
        quiet = None if written == DEFAULT else print_quiet_hours(parse_quiet_hours(written))
        member = replace(member, quiet_hours=quiet)
    if choices.badge is not None:
        since = choices.badge_since if choices.badge is Badge.HELD else None
        member = replace(member, badge=choices.badge, badge_since=since)
    return member


def _read_locale(written: str) -> Locale | None:
    if written == DEFAULT:
        return None
    if written not in get_args(Locale):
        raise InputError("choices-locale-unknown", written=written[:40])
    return cast("Locale", written)


def _read_edition(written: str) -> Edition | None:
    if written == DEFAULT:
        return None
    edition_named(Edition(written))
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
        raise InputError("choices-zone-unknown", written=name[:40]) from fault
