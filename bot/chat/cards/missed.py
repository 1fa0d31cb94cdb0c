"""What the member missed: reminders that did not arrive, messages that could not be read."""

from discord import ui

from bot.chat.cards.frame import LATE, card, text
from bot.chat.words import on, short_name
from bot.i18n.translations import Translations
from bot.services.members import MemberContext
from storage.planned_reminders import ReminderOutcome

SHOWN = 10


def missed_card(texts: Translations, contact: MemberContext) -> ui.LayoutView:
    """Each window once, with what became of its reminder."""
    windows = {(each.thread.id, each.closes_at): each for each in contact.missed_reminders}
    lines = [
        texts(f"missed-{each.outcome}", thread=short_name(texts, each.thread), closes=on(each.closes_at))
        for each in list(windows.values())[:SHOWN]
    ]
    if len(windows) > SHOWN:
        lines.append(texts("missed-more", count=len(windows) - SHOWN))
    if any(each.outcome is ReminderOutcome.EXPIRED for each in windows.values()):
        lines.append(texts("advice-neutral"))
    if contact.unread_since:
        lines.append(texts("missed-unread", since=on(contact.unread_since)))
    return card([text(texts("missed-title"), *lines)], LATE)
