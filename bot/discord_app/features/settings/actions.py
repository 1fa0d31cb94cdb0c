"""The selects and buttons of `/settings`, and the same ones on the welcome card."""

from typing import Any

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.onboarding.cards import WelcomeChoices, method_of_number, start_card
from bot.discord_app.features.settings.cards import FORMS, settings_card
from bot.discord_app.registry import on, on_submit
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.modals import setting_modal
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.errors import NotAllowedError
from bot.i18n.translations import get_translations
from bot.services.preference_changes import DEFAULT_WORD, PreferenceChanges
from storage.members import Badge

_SELECTS = (Action.LOCALE, Action.EDITION, Action.BADGE, Action.DIGEST)


@on(Target.SETTING, *_SELECTS)
@on(Target.START, *_SELECTS)
async def choose_setting(ctx: InteractionContext, press: Press) -> None:
    if press.action is not Action.BADGE:
        changes = _parse_change(press.action, press.value)
    elif press.value in set(Badge):
        changes = PreferenceChanges(badge=Badge(press.value))
    else:
        raise NotAllowedError("button-unknown")
    await _save_and_show(ctx, press, changes)


@on(Target.SETTING, Action.TOGGLE_KEEP_HISTORY)
@on(Target.START, Action.TOGGLE_KEEP_HISTORY)
async def toggle_keep_history(ctx: InteractionContext, press: Press) -> None:
    member, _ = await ctx.services.members.find(ctx.member_id)
    keeps_history = member is not None and member.keeps_history
    await _save_and_show(ctx, press, PreferenceChanges(keep_history=not keeps_history))


@on(Target.SETTING, *FORMS)
@on(Target.START, *FORMS)
async def ask_setting(ctx: InteractionContext, press: Press) -> None:
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
    await _save_and_show(ctx, press, _parse_change(press.action, press.value or default))


def _parse_change(action: Action, value: str) -> PreferenceChanges:
    """The change of the preference that an action is named for."""
    change: dict[str, Any] = {action.replace("-", "_"): value}
    return PreferenceChanges(**change)


async def _save_and_show(ctx: InteractionContext, press: Press, changes: PreferenceChanges) -> None:
    """Save the changes, and show the card whose control was used with them."""
    member, preferences = await ctx.services.preferences.apply(ctx.member_id, changes, now=ctx.now)
    texts = get_translations(preferences.locale)
    if press.target is Target.START:
        method = method_of_number(press.target_id)
        welcome = WelcomeChoices(preferences.edition, member.edition is not None, method)
        await ctx.edit_message(start_card(texts, welcome, now=ctx.now))
    else:
        await ctx.edit_message(settings_card(texts, member, preferences, now=ctx.now))
