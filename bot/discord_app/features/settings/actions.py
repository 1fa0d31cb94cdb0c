"""The selects and buttons of /settings, and the same ones on the card that welcomes."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import InteractionContext, interaction_context
from bot.discord_app.features.onboarding.cards import start_card
from bot.discord_app.features.settings.cards import settings_card
from bot.discord_app.ui.components import Action, Target
from bot.discord_app.ui.modals import SubmitCallback, setting_modal
from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.errors import NotAllowedError
from bot.i18n.translations import get_translations
from bot.services.preference_changes import PreferenceChanges
from storage.members import Badge


async def handle_setting_action(visitor: InteractionContext, of: Target, act: Action, values: tuple[str, ...]) -> None:
    """Change one setting; `of` says on which of the cards."""
    row, preferences = await visitor.interaction.client.services.members.find(visitor.member)
    present = {
        Action.TIMEZONE: preferences.zone.key,
        Action.LEAD_TIMES: format_lead_times(preferences.reminders.lead_times),
        Action.QUIET_HOURS: format_quiet_hours(preferences.reminders.quiet_hours),
        Action.REVIEW_DAY: "" if row is None or row.review_day is None else str(row.review_day),
    }
    match act:
        case Action.LOCALE if values:
            await _apply(visitor, of, PreferenceChanges(locale=values[0]))
        case Action.EDITION if values:
            await _apply(visitor, of, PreferenceChanges(edition=values[0]))
        case Action.BADGE if values and values[0] in set(Badge):
            await _apply(visitor, of, PreferenceChanges(badge=Badge(values[0])))
        case Action.DIGEST if values:
            await _apply(visitor, of, PreferenceChanges(digest=values[0]))
        case Action.TOGGLE_KEEP_HISTORY:
            await _apply(visitor, of, PreferenceChanges(keep_history=not (row is not None and row.keeps_history)))
        case Action.TIMEZONE | Action.LEAD_TIMES | Action.QUIET_HOURS | Action.REVIEW_DAY:
            form = setting_modal(visitor.texts, _setting_modal_submit(of, act), act, present[act])
            await visitor.interaction.response.send_modal(form)
        case _:
            raise NotAllowedError("button-unknown")


async def _apply(visitor: InteractionContext, of: Target, changes: PreferenceChanges) -> None:
    client = visitor.interaction.client
    member, preferences = await client.services.preferences.apply(visitor.member, changes, now=visitor.now)
    texts = get_translations(preferences.locale)
    if of is Target.START:
        await visitor.edit_message(start_card(texts, preferences, client.command_ids))
    else:
        await visitor.edit_message(settings_card(texts, member, preferences))


def _setting_modal_submit(of: Target, act: Action) -> SubmitCallback:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with interaction_context(interaction) as visitor:
            match act:
                case Action.TIMEZONE:
                    await _apply(visitor, of, PreferenceChanges(timezone=written[0] or "default"))
                case Action.LEAD_TIMES:
                    await _apply(visitor, of, PreferenceChanges(lead_times=written[0]))
                case Action.REVIEW_DAY:
                    await _apply(visitor, of, PreferenceChanges(review_day=written[0]))
                case _:
                    await _apply(visitor, of, PreferenceChanges(quiet_hours=written[0]))

    return submit
