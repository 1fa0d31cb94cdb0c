"""One topic of the help, and a select for the others."""

from enum import StrEnum

import discord
from discord import ui

from bot.discord_app.ui.components import ActionSelect
from bot.discord_app.ui.formatting import format_lead_times_in_words
from bot.discord_app.ui.layout import Card, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.i18n.translations import Translations
from bot.services.members import Preferences


class Topic(StrEnum):
    """A topic of the help; the first one is the default."""

    OVERVIEW = "overview"
    RECORDING = "recording"
    RATE = "rate"
    REMINDERS = "reminders"
    FEES = "fees"
    BADGE = "badge"
    PRIVACY = "privacy"


def help_card(texts: Translations, topic: Topic, preferences: Preferences, *, retention_months: int) -> Card:
    """A topic, with the member's own lead times and quiet hours."""
    explanation = texts(
        f"help-{topic}",
        leads=format_lead_times_in_words(texts, preferences.reminders.lead_times) or "none",
        quiet=format_quiet_hours(preferences.reminders.quiet_hours) or "none",
        months=retention_months,
    )
    options = [
        discord.SelectOption(label=texts(f"topic-{other}"), value=other.value, default=other is topic)
        for other in Topic
    ]
    return build_card(
        [
            text_block(explanation),
            ui.ActionRow(ActionSelect(Target.HELP, 0, Action.GO_TO_PAGE, options, texts("option-topic-about"))),
        ]
    )
