"""Notifies a member of what they missed, once, also where two contacts come a moment apart in two processes."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.discord_app.features.recording.missed_card import missed_reminders_card
from bot.discord_app.limits import EventDeduplicator
from bot.discord_app.ui.layout import Card
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.i18n.translations import get_translations
from bot.services.members import MemberContact, MemberService

log = structlog.get_logger()


async def notify_of_missed(
    claims: EventDeduplicator,
    members: MemberService,
    member_id: MemberId,
    contact: MemberContact,
    send: Callable[[Card], Awaitable[bool]],
    *,
    now: datetime,
) -> None:
    """Send the card of what was missed, unless another contact is sending it; `send` returns whether that succeeded."""
    claimed: list[int] = []

    async def claim(name: str) -> bool:
        # A negative number, which no event of Discord's has as its id.
        key = -int.from_bytes(hashlib.sha256(f"{member_id} {name}".encode()).digest()[:7])
        if await claims.claim(key, steal_from_dead=True):
            claimed.append(key)
            return True
        return False

    missed = [reminder for reminder in contact.missed_reminders if await claim(f"reminder {reminder.id}")]
    unread_since = contact.unread_since
    if unread_since is not None and not await claim(f"unread {unread_since.isoformat()}"):
        unread_since = None
    if not missed and unread_since is None and not contact.unreadable:
        return
    part = replace(contact, missed_reminders=tuple(missed), unread_since=unread_since)
    is_marked = False
    try:
        if await send(missed_reminders_card(get_translations(contact.preferences.locale), part)):
            await members.mark_missed_notified(member_id, part, now=now)
            is_marked = True
    except StorageError as error:  # the member is notified again next time
        log.warning("notice_not_marked", error=error.message_id)
    finally:
        if not is_marked:
            for key in claimed:
                await claims.release(key)
