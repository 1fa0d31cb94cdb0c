"""The buttons of the lists: jobs, history, details; the profile's checklist; taking a step back."""

from typing import Final

from bot.chat.cards.detail import detail_card
from bot.chat.cards.frame import note
from bot.chat.cards.history import history_card, rework_card
from bot.chat.cards.jobs import jobs_card
from bot.chat.commands.profile import profile_of
from bot.chat.controls import Act, Of
from bot.chat.visitor import Visitor
from bot.domain.certification.facts import ProfileItem
from bot.domain.types import UndoStepId
from bot.errors import NotAllowedError
from bot.services.profile import lancers_today

QUICK: Final = 1000
"""Messages that are put back within the three seconds that Discord waits for an answer."""


async def press_list(visitor: Visitor, of: Of, page: int) -> None:
    """Turn a list."""
    services, member, texts = visitor.interaction.client.services, visitor.member, visitor.texts
    match of:
        case Of.JOBS:
            await visitor.replace(jobs_card(texts, await services.jobs.page(member, page)))
        case Of.HISTORY:
            await visitor.replace(history_card(texts, await services.history.history(member, page)))
        case _:
            await visitor.replace(detail_card(texts, await services.status.detail(member, now=visitor.now), page))


async def press_profile(visitor: Visitor, act: Act, values: tuple[str, ...]) -> None:
    """Tick the checklist."""
    declarer, member, now = visitor.interaction.client.services.profile, visitor.member, visitor.now
    match act:
        case Act.ITEMS if set(values) <= set(ProfileItem):
            await declarer.confirm_profile(member, map(ProfileItem, values), now=now)
        case Act.CONFIRM:
            known = (await declarer.profile(member, now=now)).items
            await declarer.confirm_profile(member, [item for item, each in known.items() if each.is_filled], now=now)
        case Act.LOGGED_IN:
            await declarer.confirm_login(member, lancers_today(now), now=now)
        case _:
            raise NotAllowedError("press-unknown")
    await visitor.replace(await profile_of(visitor))


async def press_step(visitor: Visitor, number: int, act: Act) -> None:
    """Take the newest step back."""
    if act is not Act.REVERT:
        raise NotAllowedError("press-unknown")
    corrections, step = visitor.interaction.client.services.history, UndoStepId(number)
    if await corrections.step_size(visitor.member, step) <= QUICK:
        done = await corrections.undo_step(visitor.member, step, now=visitor.now)
        await visitor.replace(rework_card(visitor.texts, done))
        return
    await visitor.replace(note(visitor.texts("rework-begins")))
    done = await corrections.undo_step(visitor.member, step, now=visitor.now)
    await visitor.update(rework_card(visitor.texts, done))
