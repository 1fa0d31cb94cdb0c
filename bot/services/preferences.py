"""What holds for a member: what they chose, over the operator's defaults."""

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
    """What holds for a member now."""

    locale: Locale
    zone: ZoneInfo
    edition: Edition
    reminders: ReminderPreferences


def effective_preferences(member: Member | None, defaults: MemberDefaults) -> Preferences:
    """What holds for a member, known or not."""
    timezone = member.timezone if member and member.timezone else defaults.timezone
    lead_times, quiet_hours = defaults.lead_times, defaults.quiet_hours
    if member and member.lead_times is not None:
        lead_times = parse_lead_times(member.lead_times)
    if member and member.quiet_hours is not None:
        quiet_hours = parse_quiet_hours(member.quiet_hours)
    zone = ZoneInfo(timezone)
    return Preferences(
        (member and (member.locale or member.seen_locale)) or defaults.locale,
        zone,
        (member and member.edition) or defaults.edition,
        ReminderPreferences(lead_times, quiet_hours, zone),
    )


def next_digest_at(member: Member, preferences: Preferences, now: datetime) -> datetime | None:
    """When the member's next digest is due; None when none is wanted."""
    if member.digest is Digest.OFF:
        return None
    weekly = member.digest is Digest.WEEKLY
    return next_digest(now, weekly=weekly, review_day=member.review_day, zone=preferences.zone)
