"""The ways in which messages reach the bot, and the last message of each way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.messages import MessageSource
from bot.domain.types import MemberId
from storage import inboxes, mail_addresses, messages, threads
from storage.database import Database
from storage.inboxes import Inbox
from storage.threads import Thread


class ArrivalMethod(StrEnum):
    """How a member lets the bot know of messages."""

    MAIL = "mail"
    """By itself: to the member's address, or a mail bridge posts in their inbox channel."""
    FORWARD = "forward"
    """Posts that are forwarded, mail files, and mails that are pasted."""
    TYPED = "typed"
    """Lines, forms and the options of commands."""


_SOURCES: Final = {
    ArrivalMethod.FORWARD: (MessageSource.POSTED, MessageSource.QUOTED, MessageSource.MAIL),
    ArrivalMethod.TYPED: (MessageSource.WRITTEN,),
}


@dataclass(frozen=True, slots=True)
class LastArrival:
    """The last message that arrived by a method; of mails also the member's inbox channel, if there is one."""

    at: datetime | None = None
    thread: Thread | None = None
    inbox: Inbox | None = None
    has_address: bool = False
    """Whether mails reach the member's own address."""


class ArrivalQueries:
    """Reads the last arrivals; nothing is changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_arrival(self, member_id: MemberId, method: ArrivalMethod) -> LastArrival:
        """The last arrival by a method. A post in the inbox channel is also one of the forwarded messages."""
        async with self._database.read() as transaction:
            if method is ArrivalMethod.MAIL:
                inbox = await inboxes.find_inbox_of_member(transaction, member_id)
                address = await mail_addresses.find_mail_address(transaction, member_id)
                if address is not None:
                    return LastArrival(address.last_mail_at, inbox=inbox, has_address=True)
                return LastArrival(inbox.last_mail_at if inbox else None, inbox=inbox)
            message = await messages.find_last_recorded_message_of_sources(transaction, member_id, _SOURCES[method])
            if message is None:
                return LastArrival()
            return LastArrival(
                message.recorded_at, await transaction.query(threads.thread_query(member_id, message.thread_id))
            )
