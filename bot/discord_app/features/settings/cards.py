"""The settings, with their current values and controls to change them."""

from collections.abc import Mapping, Sequence

import discord

from bot.discord_app.features.muting.cards import muted_clients_button
from bot.discord_app.ui.components import Action, ActionSelect, Target, action_row
from bot.discord_app.ui.formatting import escape, timestamp
from bot.discord_app.ui.layout import Card, build_card, row, separator, text
from bot.domain.certification.editions import edition_names
from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.i18n.formatting import EMPTY_VALUE
from bot.i18n.translations import Translations, hyphenated
from bot.services.members import Preferences
from bot.services.preference_changes import DEFAULT_WORD
from storage.members import Badge, Digest, Member

FORMS = (Action.TIMEZONE, Action.LEAD_TIMES, Action.QUIET_HOURS, Action.REVIEW_DAY)
"""The settings that are written in a form."""

MAX_STORED_SHOWN = 40
"""Characters that are shown of a stored value that cannot be read."""


def settings_card(texts: Translations, member: Member | None, preferences: Preferences) -> Card:
    """The current values, then the controls. `member` is None before the first record."""
    badge = member.badge if member else Badge.UNKNOWN
    since = timestamp(member.badge_since) if member and member.badge_since else EMPTY_VALUE
    none = texts("preference-none")
    reminders = preferences.reminders
    badges = [(badge.value, texts(f"badge-{hyphenated(badge)}-choice")) for badge in Badge]
    digests = [(digest.value, texts(f"digest-every-{digest}")) for digest in Digest]
    lines = [
        texts("settings-title"),
        _setting_line(texts, "timezone", preferences.zone.key),
        _setting_line(texts, "locale", texts(f"locale-{preferences.locale}")),
        _setting_line(texts, "edition", texts("edition-named", edition=preferences.edition)),
        _setting_line(texts, "badge", texts(f"badge-{hyphenated(badge)}", since=since)),
        _setting_line(texts, "lead-times", format_lead_times(reminders.lead_times).replace(",", " · ") or none),
        _setting_line(texts, "quiet-hours", format_quiet_hours(reminders.quiet_hours) or none),
        _setting_line(texts, "review-day", _review_day(texts, member)),
        _setting_line(texts, "digest", texts(f"digest-every-{(member and member.digest) or Digest.MONTHLY}")),
        _setting_line(texts, "keep", texts("keep-yes" if member and member.keeps_history else "keep-no")),
        _setting_line(
            texts,
            "announcements",
            texts("announcements-wanted" if member is None or member.takes_announcements else "announcements-declined"),
        ),
        _setting_line(
            texts, "fallback", f"<#{member.fallback_channel_id}>" if member and member.fallback_channel_id else none
        ),
    ]
    lines += unreadable_lines(texts, member.unreadable if member else {})
    return build_card(
        [
            text(*lines),
            separator(),
            row(setting_select(texts, Target.SETTING, Action.LOCALE, locale_options(texts))),
            row(setting_select(texts, Target.SETTING, Action.EDITION, edition_options(texts))),
            row(setting_select(texts, Target.SETTING, Action.BADGE, badges)),
            row(setting_select(texts, Target.SETTING, Action.DIGEST, digests)),
            action_row(texts, Target.SETTING, 0, (*FORMS, Action.TOGGLE_KEEP_HISTORY)),
            row(muted_clients_button(texts)),
        ]
    )


def unreadable_lines(texts: Translations, unreadable: Mapping[str, str]) -> list[str]:
    """A sentence for each stored choice that cannot be read, by its field."""
    return [
        texts(
            "preference-unreadable",
            name=texts(f"preference-{hyphenated(name)}"),
            written=escape(stored[:MAX_STORED_SHOWN]),
        )
        for name, stored in unreadable.items()
    ]


def _review_day(texts: Translations, member: Member | None) -> str:
    day = member.review_day if member else None
    return texts("review-day-assumed") if day is None else texts("review-day-set", day=str(day))


def _setting_line(texts: Translations, setting: str, value: str) -> str:
    return texts("preference-line", name=texts(f"preference-{setting}"), value=value)


def locale_options(texts: Translations) -> list[tuple[str, str]]:
    """The languages to choose from: value and label."""
    return [(DEFAULT_WORD, texts("locale-default")), ("ja", texts("locale-ja")), ("en", texts("locale-en"))]


def edition_options(texts: Translations) -> list[tuple[str, str]]:
    """The editions to choose from: value and label."""
    return [(name, texts("edition-named", edition=name)) for name in edition_names()]


def setting_select(
    texts: Translations, target: Target, action: Action, values: Sequence[tuple[str, str]]
) -> ActionSelect:
    """A select for one setting."""
    options = [discord.SelectOption(label=label[:100], value=value) for value, label in values]
    return ActionSelect(target, 0, action, options, texts(f"preference-{action}"))
