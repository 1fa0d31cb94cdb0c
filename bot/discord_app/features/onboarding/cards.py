"""The card of /start: what the bot does, the first thing to try, and the first settings."""

from bot.discord_app.features.settings.cards import edition_options, locale_options, setting_select
from bot.discord_app.ui.components import Action, Target, action_row
from bot.discord_app.ui.layout import Card, build_card, row, separator, text
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.i18n.translations import Translations
from bot.services.members import Preferences


def start_card(texts: Translations, preferences: Preferences) -> Card:
    """Short enough for a phone."""
    settings = texts(
        "start-settings",
        edition=texts("edition-named", edition=preferences.edition),
        zone=preferences.zone.key,
        quiet=format_quiet_hours(preferences.reminders.quiet_hours) or texts("preference-none"),
    )
    return build_card(
        [
            text(texts("start-title")),
            separator(),
            text(texts("start-try")),
            separator(),
            text(settings, texts("start-editions")),
            row(setting_select(texts, Target.START, Action.EDITION, edition_options(texts))),
            row(setting_select(texts, Target.START, Action.LOCALE, locale_options(texts))),
            action_row(texts, Target.START, 0, (Action.TIMEZONE, Action.QUIET_HOURS)),
        ]
    )
