"""Notifies a member of what they missed, once, also where two contacts come a moment apart in two processes."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from bot.discord_app.features.settings.cards import FORMS, unreadable_choice_lines
from bot.discord_app.limits import EventDeduplicator
from bot.discord_app.ui.components import action_row
from bot.discord_app.ui.formatting import format_short_thread_name, format_timestamp
from bot.discord_app.ui.layout import DANGER, Card, LayoutItem, build_card, text_block
from bot.discord_app.ui.press_words import Target
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.i18n.translations import Translations, get_translations
from bot.services.members import MemberContact, MemberService
from storage.planned_reminders import ReminderOutcome

log = structlog.get_logger()


MAX_ROWS: Final = 10


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


def missed_reminders_card(texts: Translations, contact: MemberContact) -> Card:
    """One line per reply window, with the outcome of its reminder."""
    windows = list({(missed.thread.id, missed.closes_at): missed for missed in contact.missed_reminders}.values())
    lines = [
        texts(
            f"missed-{missed.outcome}",
            thread=format_short_thread_name(texts, missed.thread),
            closes=format_timestamp(missed.closes_at),
        )
        for missed in windows[:MAX_ROWS]
    ]
    if len(windows) > MAX_ROWS:
        lines.append(texts("more-rows", count=len(windows) - MAX_ROWS))
    if any(missed.outcome is ReminderOutcome.EXPIRED for missed in windows):
        lines.append(texts("advice-neutral"))
    if contact.unread_since:
        lines.append(texts("missed-unread", since=format_timestamp(contact.unread_since)))
    parts: list[LayoutItem] = [text_block(texts("missed-title"), *lines)] if lines else []
    if contact.unreadable:
        parts += [text_block(*unreadable_choice_lines(texts, contact.unreadable))]
        forms = [action for action in FORMS if action.replace("-", "_") in contact.unreadable]
        parts += [action_row(texts, Target.SETTING, 0, forms)] if forms else []
    return build_card(parts, DANGER)
