"""One topic of the help at a time, and a select for the others."""

from collections.abc import Mapping
from enum import StrEnum

import discord
from discord import ui

from bot.chat.cards.frame import card, row, text
from bot.chat.controls import Act, Choose, Of
from bot.chat.words import mentioned
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
    return card([text(mentioned(words, ids)), row(Choose(Of.HELP, 0, Act.SHOW, options, texts("option-topic-about")))])
