"""The first lines of a reminder: what it is, what waits, and what closes in the coming night."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final

from bot.discord_app.ui.formatting import format_duration, short_name
from bot.domain.reminders.plan import ReminderKind
from bot.i18n.translations import Translations
from storage.reply_state import WaitingCounts
from storage.threads import Thread

MAX_NAMES: Final = 5
"""Threads of the coming night that the morning list names."""


def reminder_title(
    texts: Translations,
    kinds: Collection[ReminderKind],
    waiting: WaitingCounts,
    *,
    late_by: timedelta | None = None,
    tonight: Sequence[Thread] = (),
) -> Iterator[str]:
    """The lines. `kinds` are those of the reminders in it, `waiting` counts all that waits, shown or not."""
    overnight = sum(kind is ReminderKind.OVERNIGHT for kind in kinds)
    if overnight:
        yield texts("reminder-overnight", count=overnight)
    elif ReminderKind.MORNING in kinds:
        yield texts("reminder-morning")
    if late_by:
        yield texts("reminder-late", span=format_duration(texts, late_by))
    closed = sum(kind is ReminderKind.CLOSED for kind in kinds)
    if closed < len(kinds) or waiting.total > waiting.overdue:
        yield texts("reminder-title", count=waiting.total, overdue=waiting.overdue)
    if closed:
        yield texts("reminder-closed-title", count=closed)
    if tonight:
        names = [short_name(texts, thread) for thread in tonight[:MAX_NAMES]]
        yield texts(
            "reminder-tonight",
            threads=texts("reminder-tonight-separator").join(names),
            others=len(tonight) - len(names),
        )
