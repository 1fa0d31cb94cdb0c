"""Inbox channels: the channel in which a mail bridge posts a member's notifications.

A bridge posts the mail of one person, so a channel belongs to one member: with two, one member's clients would be
recorded for the other.
"""

from datetime import datetime

from bot.domain.types import MemberId
from bot.errors import NotAllowedError
from storage import inboxes, members
from storage.database import Database
from storage.inboxes import Inbox


class InboxService:
    """Assigns channels to members. Permissions in the server are checked by the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_owner_of_channel(self, channel_id: int) -> MemberId | None:
        """The member whose inbox the channel is; None when it is no inbox."""
        inbox = await inboxes.find_inbox_of_channel(self._database, channel_id)
        return inbox.member_id if inbox else None

    async def find_by_member(self, member_id: MemberId) -> Inbox | None:
        """The member's inbox, if there is one."""
        return await inboxes.find_inbox_of_member(self._database, member_id)

    async def list_all(self) -> list[Inbox]:
        """Every inbox."""
        return await inboxes.list_inboxes(self._database)

    async def set_last_read(self, channel_id: int, post_id: int) -> None:
        """Store the newest post that was processed; after a restart the channel is read behind it."""
        async with self._database.write() as transaction:
            await inboxes.set_last_read_post(transaction, channel_id, post_id)

    async def set_last_mail(self, channel_id: int, *, now: datetime) -> None:
        """Store when a notification of Lancers was last read there."""
        async with self._database.write() as transaction:
            await inboxes.set_last_inbox_mail(transaction, channel_id, now)

    async def assign(self, member_id: MemberId, channel_id: int, guild_id: int, *, now: datetime) -> None:
        """Make a channel the member's inbox, in place of a former one. Raises `NotAllowedError` if it is another's."""
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            if not await inboxes.save_inbox(
                transaction, Inbox(channel_id=channel_id, guild_id=guild_id, member_id=member_id, assigned_at=now)
            ):
                raise NotAllowedError("inbox-taken")

    async def remove(self, *, channel_id: int = 0, guild_id: int = 0) -> list[Inbox]:
        """Unassign a channel, or all channels of a server. Returns the inboxes that there were."""
        async with self._database.write() as transaction:
            return await inboxes.delete_inboxes(transaction, channel_id=channel_id, guild_id=guild_id)
