"""The card of the reminders that a member missed."""

from typing import Final

from bot.discord_app.features.settings.cards import FORMS, unreadable_choice_lines
from bot.discord_app.ui.components import action_row
from bot.discord_app.ui.formatting import format_short_thread_name, format_timestamp
from bot.discord_app.ui.layout import DANGER, Card, LayoutItem, build_card, text_block
from bot.discord_app.ui.press_words import Target
from bot.domain.reminders.plan import ReminderKind
from bot.i18n.translations import Translations
from bot.services.members import MemberContact
from storage.planned_reminders import ReminderOutcome

MAX_ROWS: Final = 10

_NOTICES: Final = {ReminderKind.UNANSWERED, ReminderKind.CLIENT_SILENT}
"""They speak of 連絡催促 in a thread under contract, and have no deadline."""


def missed_reminders_card(texts: Translations, contact: MemberContact) -> Card:
    """One line per reply window or notice under contract, with the outcome of its reminder."""
    windows = list({(missed.thread.id, missed.closes_at): missed for missed in contact.missed_reminders}.values())
    lines = [
        texts(
            f"missed-contract-{missed.outcome}" if missed.kind in _NOTICES else f"missed-{missed.outcome}",
            thread=format_short_thread_name(texts, missed.thread),
            closes=format_timestamp(missed.closes_at),
        )
        for missed in windows[:MAX_ROWS]
    ]
    if len(windows) > MAX_ROWS:
        lines.append(texts("more-rows", count=len(windows) - MAX_ROWS))
    expired = [
        missed.thread for missed in windows if missed.outcome is ReminderOutcome.EXPIRED and missed.kind not in _NOTICES
    ]
    if any(thread.under_contract for thread in expired):
        lines.append(texts("advice-contract"))
    elif any(thread.counts_in_rate for thread in expired):
        lines.append(texts("advice-neutral"))
    if contact.unread_since:
        lines.append(texts("missed-unread", since=format_timestamp(contact.unread_since)))
    parts: list[LayoutItem] = [text_block(texts("missed-title"), *lines)] if lines else []
    if contact.unreadable:
        parts += [text_block(*unreadable_choice_lines(texts, contact.unreadable))]
        forms = [action for action in FORMS if action.replace("-", "_") in contact.unreadable]
        parts += [action_row(texts, Target.SETTING, 0, forms)] if forms else []
    return build_card(parts, DANGER)
