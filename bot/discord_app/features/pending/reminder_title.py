"""The first lines of a reminder: what it is, what waits, and what closes in the coming night."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.discord_app.ui.formatting import (
    format_as_of_timestamp,
    format_duration,
    format_short_thread_name,
    waiting_unit_suffix,
)
from bot.domain.names import client_key
from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import MemberId
from bot.i18n.translations import Translations, hyphenated_enum_value
from bot.services.container import Services
from bot.services.members import Preferences
from bot.services.shown_cards import ShownWindow, WindowStatus
from storage.threads import Thread
from storage.waiting_threads import WaitingCounts, is_one_thread_per_client

MAX_NAMES: Final = 5
"""Threads of the coming night that the morning list names."""


@dataclass(frozen=True, slots=True)
class ReminderHeadline:
    """What the first lines say besides the windows of the card."""

    waiting: WaitingCounts
    """All that waits, shown or not."""
    tonight: tuple[Thread, ...] = ()
    """What closes in the coming night, for the morning list."""
    late_by: timedelta | None = None
    """How late the reminder is sent."""


async def load_reminder_headline(
    services: Services,
    member_id: MemberId,
    windows: Sequence[ShownWindow],
    preferences: Preferences,
    *,
    now: datetime,
    waiting: WaitingCounts,
    late_by: timedelta | None = None,
) -> ReminderHeadline:
    """The first lines of a reminder; the morning list names what closes in the coming night."""
    tonight: Sequence[Thread] = ()
    if any(window.reminder_kind is ReminderKind.MORNING and window.status is WindowStatus.OPEN for window in windows):
        tonight = await services.status.closing_tonight(member_id, preferences, now=now)
    return ReminderHeadline(waiting, tuple(tonight), late_by)


def reminder_title(
    texts: Translations, windows: Sequence[ShownWindow], headline: ReminderHeadline, now: datetime
) -> Iterator[str]:
    """The lines, by what the windows of the card are now; what counts other windows too says that it is of `now`."""
    still_waiting = [window for window in windows if window.is_waiting]
    notices = sorted({window.contract_notice for window in windows if window.contract_notice is not None})
    for kind in notices:
        yield texts(f"contract-{hyphenated_enum_value(kind)}-title")
    if not still_waiting:
        if not notices:
            yield texts("reminder-done-title")
        return
    kinds = [window.reminder_kind for window in still_waiting if window.status is WindowStatus.OPEN]
    overnight = kinds.count(ReminderKind.OVERNIGHT)
    if overnight:
        yield texts("reminder-overnight", count=overnight)
    elif ReminderKind.MORNING in kinds:
        yield texts("reminder-morning")
    if headline.late_by:
        yield texts("reminder-late", span=format_duration(texts, headline.late_by))
    waiting, tonight = headline.waiting, headline.tonight
    as_of = format_as_of_timestamp(texts, now)
    closed = [window.thread for window in still_waiting if window.status is WindowStatus.CLOSED]
    counts_overdue = bool(kinds or waiting.total > waiting.overdue)
    if counts_overdue:
        unit = waiting_unit_suffix(are_clients=waiting.are_clients)
        yield f"{texts(f'reminder-title{unit}', count=waiting.total, overdue=waiting.overdue)}{as_of}"
        as_of = ""
    if closed and not (counts_overdue and waiting.overdue >= len(closed)):
        yield _closed_windows_title(texts, closed, waiting, as_of)
    if tonight:
        names = [format_short_thread_name(texts, thread) for thread in tonight[:MAX_NAMES]]
        yield texts(
            "reminder-tonight",
            threads=texts("reminder-tonight-separator").join(names),
            others=len(tonight) - len(names),
        )


def _closed_windows_title(
    texts: Translations, closed: Sequence[Thread | None], waiting: WaitingCounts, as_of: str
) -> str:
    """How many have passed, by all that waits or, where that is more, by the windows of the card."""
    if waiting.overdue > len(closed):
        unit = waiting_unit_suffix(are_clients=waiting.are_overdue_clients)
        return f"{texts(f'reminder-closed-title{unit}', count=waiting.overdue)}{as_of}"
    named = {client_key(thread.client) for thread in closed if thread is not None and thread.client}
    unit = waiting_unit_suffix(are_clients=is_one_thread_per_client(len(closed), len(named)))
    return texts(f"reminder-closed-title{unit}", count=len(closed))
