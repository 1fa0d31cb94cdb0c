"""The selects and buttons of /settings, and the same ones on the card that welcomes."""

from bot.chat.cards.settings import settings_card
from bot.chat.cards.start import start_card
from bot.chat.client import Interaction
from bot.chat.controls import Act, Of
from bot.chat.forms import Submit, setting_form
from bot.chat.visitor import Visitor, visit
from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.errors import NotAllowedError
from bot.i18n.translations import get_translations
from bot.services.preference_changes import PreferenceChanges
from storage.members import Badge


async def press_setting(visitor: Visitor, of: Of, act: Act, values: tuple[str, ...]) -> None:
    """Change one setting; `of` says on which of the cards."""
    row, preferences = await visitor.interaction.client.services.members.find(visitor.member)
    present = {
        Act.TIMEZONE: preferences.zone.key,
        Act.LEAD_TIMES: format_lead_times(preferences.reminders.lead_times),
        Act.QUIET_HOURS: format_quiet_hours(preferences.reminders.quiet_hours),
        Act.REVIEW_DAY: "" if row is None or row.review_day is None else str(row.review_day),
    }
    match act:
        case Act.LOCALE if values:
            await _change(visitor, of, PreferenceChanges(locale=values[0]))
        case Act.EDITION if values:
            await _change(visitor, of, PreferenceChanges(edition=values[0]))
        case Act.BADGE if values and values[0] in set(Badge):
            await _change(visitor, of, PreferenceChanges(badge=Badge(values[0])))
        case Act.DIGEST if values:
            await _change(visitor, of, PreferenceChanges(digest=values[0]))
        case Act.KEEP:
            await _change(visitor, of, PreferenceChanges(keep_history=not (row is not None and row.keeps_history)))
        case Act.TIMEZONE | Act.LEAD_TIMES | Act.QUIET_HOURS | Act.REVIEW_DAY:
            form = setting_form(visitor.texts, _written(of, act), act, present[act])
            await visitor.interaction.response.send_modal(form)
        case _:
            raise NotAllowedError("press-unknown")


async def _change(visitor: Visitor, of: Of, choices: PreferenceChanges) -> None:
    client = visitor.interaction.client
    member, preferences = await client.services.preferences.apply(visitor.member, choices, now=visitor.now)
    texts = get_translations(preferences.locale)
    if of is Of.START:
        await visitor.replace(start_card(texts, preferences, client.command_ids))
    else:
        await visitor.replace(settings_card(texts, member, preferences))


def _written(of: Of, act: Act) -> Submit:
    async def submit(interaction: Interaction, written: tuple[str, ...]) -> None:
        async with visit(interaction) as visitor:
            match act:
                case Act.TIMEZONE:
                    await _change(visitor, of, PreferenceChanges(timezone=written[0] or "default"))
                case Act.LEAD_TIMES:
                    await _change(visitor, of, PreferenceChanges(lead_times=written[0]))
                case Act.REVIEW_DAY:
                    await _change(visitor, of, PreferenceChanges(review_day=written[0]))
                case _:
                    await _change(visitor, of, PreferenceChanges(quiet_hours=written[0]))

    return submit
