"""A member's effective preferences: their own settings, and the operator's defaults for the rest."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.reminders.digests import next_digest
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.plan import ReminderPreferences
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.domain.types import Edition, Locale
from bot.settings import MemberDefaults
from storage.members import Digest, Member


@dataclass(frozen=True, slots=True)
class Preferences:
    """Effective preferences."""

    locale: Locale
    zone: ZoneInfo
    edition: Edition
    reminders: ReminderPreferences


def effective_preferences(member: Member | None, defaults: MemberDefaults) -> Preferences:
    """The preferences of a member; the defaults for one who is not registered."""
    if member is None:
        zone = ZoneInfo(defaults.timezone)
        reminders = ReminderPreferences(defaults.lead_times, defaults.quiet_hours, zone)
        return Preferences(defaults.locale, zone, defaults.edition, reminders)
    zone = ZoneInfo(member.timezone or defaults.timezone)
    return Preferences(
        member.locale or member.seen_locale or defaults.locale,
        zone,
        member.edition or defaults.edition,
        ReminderPreferences(
            defaults.lead_times if member.lead_times is None else parse_lead_times(member.lead_times),
            defaults.quiet_hours if member.quiet_hours is None else parse_quiet_hours(member.quiet_hours),
            zone,
        ),
    )


def next_digest_at(member: Member, preferences: Preferences, now: datetime) -> datetime | None:
    """When the member's next digest is due; None when the digest is off."""
    if member.digest is Digest.OFF:
        return None
    weekly = member.digest is Digest.WEEKLY
    return next_digest(now, weekly=weekly, review_day=member.review_day, zone=preferences.zone)
