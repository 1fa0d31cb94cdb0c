"""What the member missed: reminders that did not arrive, messages that could not be read."""

from discord import ui

from bot.discord_app.ui.formatting import short_name, timestamp_full
from bot.discord_app.ui.layout import DANGER, build_card, text
from bot.i18n.translations import Translations
from bot.services.members import MemberContext
from storage.planned_reminders import ReminderOutcome

MAX_ROWS = 10


def missed_reminders_card(texts: Translations, contact: MemberContext) -> ui.LayoutView:
    """Each window once, with what became of its reminder."""
    windows = {(each.thread.id, each.closes_at): each for each in contact.missed_reminders}
    lines = [
        texts(f"missed-{each.outcome}", thread=short_name(texts, each.thread), closes=timestamp_full(each.closes_at))
        for each in list(windows.values())[:MAX_ROWS]
    ]
    if len(windows) > MAX_ROWS:
        lines.append(texts("more-rows", count=len(windows) - MAX_ROWS))
    if any(each.outcome is ReminderOutcome.EXPIRED for each in windows.values()):
        lines.append(texts("advice-neutral"))
    if contact.unread_since:
        lines.append(texts("missed-unread", since=timestamp_full(contact.unread_since)))
    return build_card([text(texts("missed-title"), *lines)], DANGER)
