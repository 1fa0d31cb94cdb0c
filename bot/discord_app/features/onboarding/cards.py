"""The card that welcomes: what the bot does, what holds for the member, and the first thing to try."""

from collections.abc import Mapping

from discord import ui

from bot.discord_app.features.settings.cards import edition_options, locale_options, setting_select
from bot.discord_app.ui.components import Action, Target, action_buttons
from bot.discord_app.ui.formatting import with_command_mentions
from bot.discord_app.ui.layout import build_card, row, separator, text
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
    return build_card(
        [
            text(with_command_mentions(texts("start-title"), ids)),
            separator(),
            text(with_command_mentions(texts("start-try"), ids)),
            separator(),
            text(settings, texts("start-editions")),
            row(setting_select(texts, Target.START, Action.EDITION, edition_options(texts))),
            row(setting_select(texts, Target.START, Action.LOCALE, locale_options(texts))),
            row(*action_buttons(texts, Target.START, 0, (Action.TIMEZONE, Action.QUIET_HOURS))),
        ]
    )
