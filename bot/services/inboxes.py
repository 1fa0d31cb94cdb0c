"""The inbox channel: which channel's mail bridge posts for a member.

A bridge posts one person's mail. So a channel belongs to one member: were it two, the clients of the one would be
recorded as the other's.
"""

from datetime import datetime

from bot.domain.types import MemberId
from bot.errors import NotAllowedError
from storage import inboxes, members
from storage.database import Database
from storage.inboxes import Inbox


class InboxService:
    """Asks nobody whether a member may: the chat room checks what they are allowed in their server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owner(self, channel_id: int) -> MemberId | None:
        """Whose inbox a channel is."""
        found = await inboxes.for_channel(self._database, channel_id)
        return found.member_id if found else None

    async def of_member(self, member: MemberId) -> Inbox | None:
        """The member's inbox."""
        return await inboxes.for_member(self._database, member)

    async def assign(self, member: MemberId, channel_id: int, guild_id: int, *, now: datetime) -> None:
        """Make a channel the member's inbox, instead of the one before. Raises `RefusedError` for somebody else's."""
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member, now=now)
            if not await inboxes.save(transaction, Inbox(channel_id, guild_id, member, now)):
                raise NotAllowedError("inbox-taken")

    async def remove(self, *, channel_id: int = 0, guild_id: int = 0) -> None:
        """A channel, or every channel of a server, is nobody's inbox any more."""
        async with self._database.write() as transaction:
            await inboxes.delete(transaction, channel_id=channel_id, guild_id=guild_id)
