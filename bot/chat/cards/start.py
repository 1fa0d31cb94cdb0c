"""The card that welcomes: what the bot does, what holds for the member, and the first thing to try."""

from collections.abc import Mapping

from discord import ui

from bot.chat.cards.frame import card, line, row, text
from bot.chat.cards.settings import choose, editions, locales
from bot.chat.controls import Act, Of, presses
from bot.chat.words import mentioned
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.i18n.translations import Translations
from bot.services.preferences import Preferences


def start_card(texts: Translations, preferences: Preferences, ids: Mapping[str, int]) -> ui.LayoutView:
    """Short enough for a phone; `ids` of the commands, to mention them."""
    settings = texts(
        "start-settings",
        edition=texts("edition-named", edition=preferences.edition),
        zone=preferences.zone.key,
        quiet=format_quiet_hours(preferences.reminders.quiet_hours) or texts("preference-none"),
    )
    return card(
        [
            text(mentioned(texts("start-title"), ids)),
            line(),
            text(mentioned(texts("start-try"), ids)),
            line(),
            text(settings, texts("start-editions")),
            row(choose(texts, Of.START, Act.EDITION, editions(texts))),
            row(choose(texts, Of.START, Act.LOCALE, locales(texts))),
            row(*presses(texts, Of.START, 0, (Act.TIMEZONE, Act.QUIET_HOURS))),
        ]
    )
