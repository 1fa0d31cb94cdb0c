"""One topic of the help at a time, and a select for the others."""

from collections.abc import Mapping
from enum import StrEnum

import discord
from discord import ui

from bot.discord_app.ui.components import Action, ActionSelect, Target
from bot.discord_app.ui.formatting import with_command_mentions
from bot.discord_app.ui.layout import build_card, row, text
from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.i18n.translations import Translations
from bot.services.preferences import Preferences


class Topic(StrEnum):
    """What can be asked about; the first one is shown unasked."""

    OVERVIEW = "overview"
    RECORDING = "recording"
    RATE = "rate"
    REMINDERS = "reminders"
    FEES = "fees"
    BADGE = "badge"
    PRIVACY = "privacy"


def help_card(texts: Translations, topic: Topic, preferences: Preferences, ids: Mapping[str, int]) -> ui.LayoutView:
    """A topic, with the member's own reminders where it speaks of them; `ids` of the commands, to mention them."""
    words = texts(
        f"help-{topic}",
        leads=format_lead_times(preferences.reminders.lead_times).replace(",", " · ") or "none",
        quiet=format_quiet_hours(preferences.reminders.quiet_hours) or "none",
    )
    options = [
        discord.SelectOption(label=texts(f"topic-{each}"), value=each.value, default=each is topic) for each in Topic
    ]
    return build_card(
        [
            text(with_command_mentions(words, ids)),
            row(ActionSelect(Target.HELP, 0, Action.GO_TO_PAGE, options, texts("option-topic-about"))),
        ]
    )
