"""Presses and forms of the card of `/settings`, and the choice of an edition on the welcome card."""

from typing import Any, Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.onboarding.cards import WelcomeChoices, arrival_method_of_number, start_card
from bot.discord_app.features.settings.cards import FORMS, settings_card
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.modals import setting_modal
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.errors import NotAllowedError
from bot.i18n.translations import get_translations
from bot.services.preference_changes import DEFAULT_WORD, PreferenceChanges
from storage.members import Badge

_SELECTS: Final = (Action.LOCALE, Action.EDITION, Action.BADGE, Action.DIGEST)

_TEXT_FIELDS: Final = {
    Action.LOCALE: "locale",
    Action.EDITION: "edition",
    Action.DIGEST: "digest",
    Action.TIMEZONE: "timezone",
    Action.LEAD_TIMES: "lead_times",
    Action.QUIET_HOURS: "quiet_hours",
    Action.REVIEW_DAY: "review_day",
}
"""The fields of `PreferenceChanges` that take what a select or a form gives, as it is."""


@on(Target.SETTING, *_SELECTS)
@on(Target.START, *_SELECTS)
async def save_chosen_setting(ctx: InteractionContext, press: Press) -> None:
    if press.action is not Action.BADGE:
        changes = _preference_change_of_text(press.action, press.value)
    elif press.value in set(Badge):
        changes = PreferenceChanges(badge=Badge(press.value))
    else:
        raise NotAllowedError("button-unknown")
    await _save_and_show_settings(ctx, press, changes)


@on(Target.SETTING, Action.KEEP_HISTORY)
@on(Target.START, Action.KEEP_HISTORY)
async def save_keep_history(ctx: InteractionContext, press: Press) -> None:
    """Keep old records, or do not: a second tap on the same button sets the same."""
    if press.values:
        keeps_history = bool(parse_selected_id(press.values))
    else:
        member, _ = await ctx.services.members.find(ctx.member_id)
        keeps_history = not (member is not None and member.keeps_history)
    await _save_and_show_settings(ctx, press, PreferenceChanges(keep_history=keeps_history))


@on(Target.SETTING, *FORMS)
@on(Target.START, *FORMS)
async def open_setting_form(ctx: InteractionContext, press: Press) -> None:
    """Open the form of one setting with its present value."""
    member, preferences = await ctx.services.members.find(ctx.member_id)
    match press.action:
        case Action.TIMEZONE:
            value = preferences.zone.key
        case Action.LEAD_TIMES:
            value = format_lead_times(preferences.reminders.lead_times)
        case Action.QUIET_HOURS:
            value = format_quiet_hours(preferences.reminders.quiet_hours)
        case _:
            value = "" if member is None or member.review_day is None else str(member.review_day)
    await ctx.show_modal(setting_modal(ctx.texts, press.target, press.action, value))


@on_submit(Target.SETTING, *FORMS)
@on_submit(Target.START, *FORMS)
async def submit_setting(ctx: InteractionContext, press: Press) -> None:
    default = DEFAULT_WORD if press.action is Action.TIMEZONE else ""
    await _save_and_show_settings(ctx, press, _preference_change_of_text(press.action, press.value or default))


def _preference_change_of_text(action: Action, written: str) -> PreferenceChanges:
    """The change of a preference that is given as text; the service reads it."""
    change: dict[str, Any] = {_TEXT_FIELDS[action]: written}
    return PreferenceChanges(**change)


async def _save_and_show_settings(ctx: InteractionContext, press: Press, changes: PreferenceChanges) -> None:
    """Save the changes, and show the card whose control was used with them."""
    member, preferences = await ctx.services.preferences.apply_changes(ctx.member_id, changes, now=ctx.now)
    texts = get_translations(preferences.locale)
    if press.target is Target.START:
        method = arrival_method_of_number(press.target_id)
        welcome = WelcomeChoices(preferences.edition, member.edition is not None, method)
        await ctx.edit_message(start_card(texts, welcome, now=ctx.now))
    else:
        await ctx.edit_message(
            settings_card(texts, member, preferences, retention_months=ctx.services.retention_months, now=ctx.now)
        )
