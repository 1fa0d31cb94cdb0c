"""Members: their preferences, registration, locale and direct-message channel, and notices they have not seen yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.certification.editions import get_edition
from bot.domain.reminders.digests import next_digest_time
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.plan import ReminderPreferences
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.domain.reminders.quiet_spans import quiet_span_containing
from bot.domain.reply.reply_rate import RateRule
from bot.domain.types import Edition, Locale, MemberId
from bot.domain.zones import parse_zone_name
from bot.errors import NotAllowedError
from bot.settings import MemberDefaults
from storage import blocked_users, members, planned_reminders
from storage.database import Database, Executor, Transaction
from storage.members import Digest, DmStatus, Member
from storage.planned_reminders import MissedReminder


@dataclass(frozen=True, slots=True)
class Preferences:
    """Effective preferences."""

    locale: Locale
    zone: ZoneInfo
    edition: Edition
    rate_rule: RateRule
    """The edition's criterion, by which the reply rate is judged."""
    reminders: ReminderPreferences


def effective_preferences(member: Member | None, defaults: MemberDefaults) -> Preferences:
    """The preferences of a member; the defaults for one who is not registered."""
    if member is None:
        zone = ZoneInfo(defaults.timezone)
        reminders = ReminderPreferences(defaults.lead_times, defaults.quiet_hours, zone)
        return Preferences(defaults.locale, zone, defaults.edition, get_edition(defaults.edition).reply_rate, reminders)
    edition = member.edition or defaults.edition
    zone = ZoneInfo(defaults.timezone) if member.timezone is None else parse_zone_name(member.timezone)
    return Preferences(
        member.locale or member.seen_locale or member.line_locale or defaults.locale,
        zone,
        edition,
        get_edition(edition).reply_rate,
        ReminderPreferences(
            defaults.lead_times if member.lead_times is None else parse_lead_times(member.lead_times),
            defaults.quiet_hours if member.quiet_hours is None else parse_quiet_hours(member.quiet_hours),
            zone,
        ),
    )


async def load_preferences(reader: Executor, member_id: MemberId, defaults: MemberDefaults) -> Preferences:
    """The preferences of a member, as they are stored."""
    return effective_preferences(await reader.query(members.member_query(member_id)), defaults)


def next_digest_at(member: Member, preferences: Preferences, now: datetime) -> datetime | None:
    """When the member's next digest is due; None when the digest is off."""
    if member.digest is Digest.OFF:
        return None
    weekly = member.digest is Digest.WEEKLY
    return next_digest_time(now, weekly=weekly, review_day=member.review_day, zone=preferences.zone)


class BeforeErasureError(Exception):
    """A Discord message is from before the member's erasure: nothing of it is read, and nobody is answered."""


class BlockedError(NotAllowedError):
    """The operator has blocked somebody: nothing of theirs is recorded."""

    def __init__(self) -> None:
        super().__init__("member-blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberContact:
    """What is known of a member who has just written or pressed something, and what they were not notified of yet."""

    preferences: Preferences
    direct_messages: DmStatus
    missed_reminders: tuple[MissedReminder, ...]
    """Reminders that could not be delivered, of which the member was not notified yet."""
    unread_since: datetime | None
    """Messages sent since then could not be read, and the member was not notified yet."""
    unreadable: Mapping[str, str]
    """Stored choices that cannot be read (`Member.unreadable`), and the member was not notified yet."""
    is_new: bool
    """Nothing was processed for this member yet; still true after a crash during the first time."""
    erased_up_to: int
    """The newest Discord message from before the member's erasure; 0 when they were never erased."""
    unread_since_erasure: bool
    """The member was erased, and no message of theirs has been processed since."""

    @property
    def has_notices(self) -> bool:
        """Whether the member is to be notified of something."""
        return bool(self.missed_reminders or self.unread_since or self.unreadable)


class MemberService:
    """Reads and writes members. Most contacts are one read, since only changes are written."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults
        self._notified_unreadable: dict[MemberId, Mapping[str, str]] = {}
        """The unreadable choices of which this process has notified members."""

    async def get_or_register(
        self,
        member_id: MemberId,
        *,
        now: datetime,
        locale: Locale | None = None,
        line_locale: Locale | None = None,
        channel_id: int | None = None,
        message_id: int | None = None,
    ) -> MemberContact:
        """Load a member and save their locale and direct-message channel, if given and changed.

        `line_locale`: the language of what they typed, which counts as long as Discord has not shown their locale.
        `message_id`: the Discord message that they wrote. Raises `BeforeErasureError` for one from before their
        erasure, `BlockedError` for somebody blocked, and `NotAllowedError` for a new member when the bot is full;
        nothing is stored then.
        """
        find_member, find_missed = members.member_query(member_id), planned_reminders.unnotified_missed_query(member_id)
        find_erased_up_to, find_blocked = (
            members.erased_up_to_query(member_id),
            blocked_users.is_blocked_query(member_id),
        )
        results = await self._database.query_many(find_member, find_missed, find_erased_up_to, find_blocked)
        member, erased_up_to = results[find_member], results[find_erased_up_to] or 0
        missed_reminders = results[find_missed] if member else ()
        if message_id is not None and message_id <= erased_up_to:
            raise BeforeErasureError
        if results[find_blocked]:
            raise BlockedError
        new_locale = locale is not None and (member is None or member.seen_locale != locale)
        new_channel = channel_id is not None and (
            member is None or member.channel_id != channel_id or member.direct_messages is not DmStatus.OPEN
        )
        new_line_locale = line_locale is not None and (
            member is None or (member.seen_locale is None and member.line_locale != line_locale)
        )
        if new_locale or new_channel or new_line_locale:
            async with self._database.write() as transaction:
                await self._ensure_room_for_member(transaction, member_id)
                await members.get_or_create_member(transaction, member_id, now=now)
                if locale is not None:
                    await members.set_seen_locale(transaction, member_id, locale)
                if line_locale is not None and new_line_locale:
                    await members.set_line_locale(transaction, member_id, line_locale)
                if channel_id is not None:
                    await members.mark_dm_open(transaction, member_id, channel_id)
                member = await transaction.query(find_member)
        read_up_to = (member.last_read_message_id or 0) if member else 0
        return MemberContact(
            preferences=effective_preferences(member, self._defaults),
            direct_messages=member.direct_messages if member else DmStatus.UNTRIED,
            missed_reminders=tuple(missed_reminders),
            unread_since=member.unread_since if member else None,
            unreadable=self._unnotified_unreadable(member) if member and member.unreadable else {},
            is_new=member is None or (read_up_to <= erased_up_to and member.seen_locale is None),
            erased_up_to=erased_up_to,
            unread_since_erasure=0 < erased_up_to >= read_up_to,
        )

    async def claim_blocked_answer(self, member_id: MemberId, *, now: datetime) -> bool:
        """Whether somebody blocked is to be answered now: true once."""
        async with self._database.write() as transaction:
            return await blocked_users.claim_answer_to_blocked_user(transaction, member_id, now=now)

    async def _ensure_room_for_member(self, transaction: Transaction, member_id: MemberId) -> None:
        """Raise `NotAllowedError` for a new member when the bot is full."""
        capacity = self._defaults.limits.members
        if not capacity or await transaction.query(members.member_query(member_id)) is not None:
            return
        if await members.lock_and_count_members(transaction) >= capacity:
            raise NotAllowedError("limits-members")

    def _unnotified_unreadable(self, member: Member) -> Mapping[str, str]:
        return {} if self._notified_unreadable.get(member.id) == member.unreadable else member.unreadable

    async def refresh_unreadable(self, member_id: MemberId, contact: MemberContact) -> MemberContact:
        """The contact without the choices that the member has made anew since it was loaded."""
        if not contact.unreadable:
            return contact
        member, _ = await self.find(member_id)
        return replace(contact, unreadable=self._unnotified_unreadable(member) if member else {})

    async def mark_missed_notified(self, member_id: MemberId, contact: MemberContact, *, now: datetime) -> None:
        """Store that the member was notified of `missed_reminders`, `unread_since` and `unreadable`."""
        if contact.unreadable:
            self._notified_unreadable[member_id] = contact.unreadable
        async with self._database.write() as transaction:
            await planned_reminders.mark_reminders_notified(transaction, member_id, contact.missed_reminders, now=now)
            if contact.unread_since is not None:
                await members.clear_unread_since(transaction, member_id, contact.unread_since)

    async def find(self, member_id: MemberId) -> tuple[Member | None, Preferences]:
        """The member, if registered, and their effective preferences."""
        member = await self._database.query(members.member_query(member_id))
        return member, effective_preferences(member, self._defaults)

    async def quiet_hours_end(self, member_id: MemberId, now: datetime) -> datetime | None:
        """The end of the member's current quiet hours; None outside of quiet hours."""
        _, preferences = await self.find(member_id)
        span = quiet_span_containing(now, preferences.reminders.quiet_hours, preferences.reminders.zone)
        return span.end if span else None

    async def mark_dm_open(self, member_id: MemberId, channel_id: int) -> None:
        """Store that a direct message was delivered in that channel."""
        async with self._database.write() as transaction:
            await members.mark_dm_open(transaction, member_id, channel_id)

    async def mark_dm_refused(self, member_id: MemberId) -> None:
        """Store that Discord refused a direct message to the member."""
        async with self._database.write() as transaction:
            await members.mark_dm_refused(transaction, member_id)

    async def set_last_read(self, member_id: MemberId, discord_message_id: int) -> None:
        """Save the checkpoint: after a restart, messages after this one are read."""
        async with self._database.write() as transaction:
            await members.set_last_read_message(transaction, member_id, discord_message_id)

    async def mark_unread_since(self, member_id: MemberId, since: datetime) -> None:
        """Store that the direct messages sent since then cannot be read."""
        async with self._database.write() as transaction:
            await members.mark_unread_since(transaction, member_id, since)

    async def find_by_dm_channel(self, channel_id: int) -> MemberId | None:
        """The member with this direct-message channel."""
        return await members.find_member_by_dm_channel(self._database, channel_id)

    async def list_with_dm_channel(self) -> list[Member]:
        """Every member with a known direct-message channel."""
        return await members.list_members_with_dm_channel(self._database)
