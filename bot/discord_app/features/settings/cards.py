"""The settings, with their current values and controls to change them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import discord
from discord import ui

from bot.discord_app.features.muting.cards import muted_clients_button
from bot.discord_app.features.profile.cards import declared_rank_text
from bot.discord_app.ui.components import ActionButton, ActionSelect, action_row
from bot.discord_app.ui.formatting import (
    edition_about,
    edition_name,
    escape_name,
    format_lead_times_in_words,
    format_timestamp,
)
from bot.discord_app.ui.layout import Card, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.calendar import lancers_date
from bot.domain.certification.editions import edition_in_force, edition_names
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.domain.types import Edition
from bot.i18n.translations import Translations
from bot.services.members import Preferences
from bot.services.preference_changes import DEFAULT_WORD
from storage.members import Badge, Digest, Member

FORMS = (Action.TIMEZONE, Action.LEAD_TIMES, Action.QUIET_HOURS, Action.REVIEW_DAY)
"""The settings that are written in a form."""

MAX_STORED_SHOWN = 40
"""Characters that are shown of a stored value that cannot be read."""


def settings_card(
    texts: Translations, member: Member | None, preferences: Preferences, *, retention_months: int, now: datetime
) -> Card:
    """The current values, then the controls. `member` is None before the first record."""
    badge = member.badge if member else Badge.UNKNOWN
    none, in_force = texts("preference-none"), edition_in_force(lancers_date(now))
    rank = declared_rank_text(texts, member.rank if member else None, member.rank_on if member else None, badge)
    reminders = preferences.reminders
    badges = [(value, texts(f"badge-{value}-choice")) for value in Badge]
    locale_options = [(value, texts(f"locale-{value}")) for value in (DEFAULT_WORD, "ja", "en")]
    digests = [(digest.value, texts(f"digest-every-{digest}")) for digest in Digest]
    lines = [
        texts("settings-title"),
        _setting_line(texts, "timezone", preferences.zone.key),
        _setting_line(texts, "locale", texts(f"locale-{preferences.locale}")),
        _setting_line(texts, "edition", edition_name(texts, preferences.edition)),
        _setting_line(texts, "badge", _badge_text(texts, badge, member.badge_since if member else None)),
        _setting_line(texts, "rank", rank),
        _setting_line(texts, "lead-times", format_lead_times_in_words(texts, reminders.lead_times) or none),
        _setting_line(texts, "quiet-hours", format_quiet_hours(reminders.quiet_hours) or none),
        _setting_line(texts, "review-day", _review_day_text(texts, member)),
        _setting_line(texts, "digest", texts(f"digest-every-{(member and member.digest) or Digest.MONTHLY}")),
        _setting_line(
            texts, "keep", texts("keep-yes" if member and member.keeps_history else "keep-no", months=retention_months)
        ),
        _setting_line(
            texts,
            "announcements",
            texts("announcements-wanted" if member is None or member.takes_announcements else "announcements-declined"),
        ),
        _setting_line(
            texts, "fallback", f"<#{member.fallback_channel_id}>" if member and member.fallback_channel_id else none
        ),
    ]
    if in_force is not None and in_force != preferences.edition:
        lines.append(texts("settings-edition-in-force", edition=edition_name(texts, in_force)))
    lines += unreadable_choice_lines(texts, member.unreadable if member else {})
    return build_card(
        [
            text_block(*lines),
            ui.Separator(),
            ui.ActionRow(_setting_select(texts, Action.LOCALE, locale_options)),
            ui.ActionRow(_edition_select(texts, preferences.edition, in_force)),
            ui.ActionRow(_setting_select(texts, Action.BADGE, badges)),
            ui.ActionRow(_setting_select(texts, Action.DIGEST, digests)),
            action_row(texts, Target.SETTING, 0, FORMS).add_item(
                _keep_history_button(texts, keeps_history=member is not None and member.keeps_history)
            ),
            ui.ActionRow(muted_clients_button(texts)),
        ]
    )


def _keep_history_button(texts: Translations, *, keeps_history: bool) -> ActionButton:
    """The button that sets the other state, and says which; its value keeps a double tap from setting it back."""
    label = texts("keep-stop" if keeps_history else "action-keep")
    return ActionButton(Target.SETTING, 0, Action.KEEP_HISTORY, label, str(int(not keeps_history)))


def unreadable_choice_lines(texts: Translations, unreadable: Mapping[str, str]) -> list[str]:
    """A sentence for each stored choice that cannot be read, by its field."""
    return [
        texts(
            "preference-unreadable",
            name=texts(f"preference-{name}"),
            written=escape_name(stored[:MAX_STORED_SHOWN]),
        )
        for name, stored in unreadable.items()
    ]


def _review_day_text(texts: Translations, member: Member | None) -> str:
    day = member.review_day if member else None
    return texts("review-day-assumed") if day is None else texts("review-day-set", day=str(day))


def _badge_text(texts: Translations, badge: Badge, since: datetime | None) -> str:
    if badge is Badge.HELD and since is not None:
        return texts("badge-held", since=format_timestamp(since))
    return texts(f"badge-{badge}-choice")


def _setting_line(texts: Translations, setting: str, value: str) -> str:
    return texts("preference-line", name=texts(f"preference-{setting}"), value=value)


def _edition_select(texts: Translations, used: Edition, in_force: Edition | None) -> ActionSelect:
    """The editions with one sentence each, the newest first."""
    options = []
    for name in reversed(edition_names()):
        about = edition_about(texts, name)
        if name == in_force:
            about = texts("edition-option-in-force", about=about)
        options.append(
            discord.SelectOption(
                label=edition_name(texts, name), value=name, description=about[:100], default=name == used
            )
        )
    return ActionSelect(Target.SETTING, 0, Action.EDITION, options, texts("preference-edition"))


def _setting_select(texts: Translations, action: Action, values: Sequence[tuple[str, str]]) -> ActionSelect:
    """A select for one setting, of its values with their labels."""
    options = [discord.SelectOption(label=label[:100], value=value) for value, label in values]
    return ActionSelect(Target.SETTING, 0, action, options, texts(f"preference-{action}"))
