"""The buttons of the lists: jobs, history, details; the profile's checklist; taking a step back."""

from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.history.cards import edit_summary_card, history_card
from bot.discord_app.features.jobs.cards import jobs_card
from bot.discord_app.features.profile.commands import render_profile
from bot.discord_app.features.status.detail_card import detail_card
from bot.discord_app.ui.components import Action, Target
from bot.discord_app.ui.layout import notice
from bot.domain.calendar import lancers_date
from bot.domain.certification.facts import ProfileItem
from bot.domain.types import UndoStepId
from bot.errors import NotAllowedError

INLINE_UNDO_LIMIT: Final = 1000
"""Messages that are put back within the three seconds that Discord waits for an answer."""


async def handle_pagination(visitor: InteractionContext, of: Target, page: int) -> None:
    """Turn a list."""
    services, member, texts = visitor.interaction.client.services, visitor.member, visitor.texts
    match of:
        case Target.JOBS:
            await visitor.edit_message(jobs_card(texts, await services.jobs.page(member, page)))
        case Target.HISTORY:
            await visitor.edit_message(history_card(texts, await services.history.page(member, page)))
        case _:
            await visitor.edit_message(detail_card(texts, await services.status.detail(member, now=visitor.now), page))


async def handle_profile_action(visitor: InteractionContext, act: Action, values: tuple[str, ...]) -> None:
    """Tick the checklist."""
    declarer, member, now = visitor.interaction.client.services.profile, visitor.member, visitor.now
    match act:
        case Action.SET_PROFILE_ITEMS if set(values) <= set(ProfileItem):
            await declarer.confirm_profile(member, map(ProfileItem, values), now=now)
        case Action.CONFIRM:
            known = (await declarer.profile(member, now=now)).items
            await declarer.confirm_profile(member, [item for item, each in known.items() if each.is_filled], now=now)
        case Action.CONFIRM_LOGIN:
            await declarer.confirm_login(member, lancers_date(now), now=now)
        case _:
            raise NotAllowedError("press-unknown")
    await visitor.edit_message(await render_profile(visitor))


async def handle_undo_step(visitor: InteractionContext, number: int, act: Action) -> None:
    """Take the newest step back."""
    if act is not Action.UNDO_STEP:
        raise NotAllowedError("press-unknown")
    corrections, step = visitor.interaction.client.services.history, UndoStepId(number)
    if await corrections.step_size(visitor.member, step) <= INLINE_UNDO_LIMIT:
        done = await corrections.undo_step(visitor.member, step, now=visitor.now)
        await visitor.edit_message(edit_summary_card(visitor.texts, done))
        return
    await visitor.edit_message(notice(visitor.texts("rework-begins")))
    done = await corrections.undo_step(visitor.member, step, now=visitor.now)
    await visitor.edit_response(edit_summary_card(visitor.texts, done))
