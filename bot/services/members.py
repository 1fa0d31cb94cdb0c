"""Meeting a member: their locale and channel, whether direct messages arrive, and what they have not been told."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.reminders.plan import quiet_span_containing
from bot.domain.types import Locale, MemberId
from bot.errors import NotAllowedError
from bot.services.preferences import Preferences, effective_preferences
from bot.settings import MemberDefaults
from storage import members, planned_reminders
from storage.database import Database, Transaction
from storage.members import DmStatus, Member
from storage.planned_reminders import MissedReminder


@dataclass(frozen=True, slots=True)
class MemberContext:
    """What is known of a member who just wrote or pressed something."""

    preferences: Preferences
    direct_messages: DmStatus
    missed_reminders: tuple[MissedReminder, ...]
    """Reminders that did not arrive, to be told now."""
    unread_since: datetime | None
    """From then on messages could not be read, to be told now."""
    is_new: bool
    """Nothing of theirs was ever taken in or asked. After a kill in the middle it still says so."""


class MemberService:
    """Writes only what changed: most contacts are one read."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def get_or_register(
        self, member: MemberId, *, now: datetime, locale: Locale | None = None, channel_id: int | None = None
    ) -> MemberContext:
        """Somebody is here; `channel_id` when it is their direct-message channel.

        Raises `RefusedError` when they are new and the bot is full; nothing is kept of them then.
        """
        known, untold = members.find(member), planned_reminders.unannounced_missed(member)
        answers = await self._database.query_many(known, untold)
        row, missed = answers[known], answers[untold]
        new_locale = locale is not None and (row is None or row.seen_locale != locale)
        new_channel = channel_id is not None and (
            row is None or row.channel_id != channel_id or row.direct_messages is not DmStatus.OPEN
        )
        if new_locale or new_channel:
            async with self._database.write() as transaction:
                await self._check_capacity(transaction, member)
                await members.get_or_create(transaction, member, now=now)
                if locale is not None:
                    await members.set_seen_locale(transaction, member, locale)
                if channel_id is not None:
                    await members.mark_dm_open(transaction, member, channel_id)
                row = await transaction.query(members.find(member))
        return MemberContext(
            effective_preferences(row, self._defaults),
            row.direct_messages if row else DmStatus.UNTRIED,
            tuple(missed),
            row.unread_since if row else None,
            is_new=row is None or (row.last_read_message_id is None and row.seen_locale is None),
        )

    async def _check_capacity(self, transaction: Transaction, member: MemberId) -> None:
        """A full bot takes nobody in; who is in stays. Raises `RefusedError`."""
        most = self._defaults.limits.members
        if most and await transaction.query(members.find(member)) is None and await members.count(transaction) >= most:
            raise NotAllowedError("limits-members")

    async def mark_missed_notified(self, member: MemberId, contact: MemberContext, *, now: datetime) -> None:
        """The member has heard of what was missed."""
        async with self._database.write() as transaction:
            await planned_reminders.mark_notified(transaction, member, contact.missed_reminders, now=now)
            await members.mark_unreadable_since(transaction, member, None)

    async def find(self, member: MemberId) -> tuple[Member | None, Preferences]:
        """The row, if any, and what holds for the member."""
        row = await self._database.query(members.find(member))
        return row, effective_preferences(row, self._defaults)

    async def quiet_hours_end(self, member: MemberId, now: datetime) -> datetime | None:
        """The end of the quiet hours that the member is in; None outside them."""
        _, preferences = await self.find(member)
        span = quiet_span_containing(now, preferences.reminders.quiet_hours, preferences.reminders.zone)
        return span.end if span else None

    async def mark_dm_open(self, member: MemberId, channel_id: int) -> None:
        """A direct message went through."""
        async with self._database.write() as transaction:
            await members.mark_dm_open(transaction, member, channel_id)

    async def mark_dm_refused(self, member: MemberId) -> None:
        """Discord does not let the bot write to the member."""
        async with self._database.write() as transaction:
            await members.mark_dm_refused(transaction, member)

    async def set_last_read(self, member: MemberId, discord_message_id: int) -> None:
        """A direct message was taken in; after a restart reading goes on behind it."""
        async with self._database.write() as transaction:
            await members.set_last_read(transaction, member, discord_message_id)

    async def mark_unreadable_since(self, member: MemberId, since: datetime) -> None:
        """The direct messages since then cannot be read."""
        async with self._database.write() as transaction:
            await members.mark_unreadable_since(transaction, member, since)

    async def list_with_dm_channel(self) -> list[Member]:
        """Every member with a known direct-message channel."""
        async with self._database.read() as transaction:
            return await members.list_with_dm_channel(transaction)
