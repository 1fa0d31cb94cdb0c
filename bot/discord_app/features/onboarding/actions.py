"""Presses on the welcome card about how messages arrive.

The buttons of editions are those of the settings (`features/settings/actions.py`).
"""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.onboarding.cards import arrival_guide_card, arrival_method_of_number
from bot.discord_app.features.onboarding.commands import load_welcome_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NotAllowedError


@on(Target.START, Action.ARRIVAL)
async def show_arrival_guide(ctx: InteractionContext, press: Press) -> None:
    """The guide of the way that was pressed, with what came last by it."""
    method = arrival_method_of_number(parse_selected_id(press.values))
    if method is None:
        raise NotAllowedError("button-unknown")
    last = await ctx.services.arrivals.last_arrival(ctx.member_id, method)
    await ctx.edit_message(arrival_guide_card(ctx.texts, method, last, has_mailbox=ctx.services.mail.is_available))


@on(Target.START, Action.GO_TO_PAGE)
async def show_welcome(ctx: InteractionContext, press: Press) -> None:
    """The welcome card, with the way of the guide marked."""
    await ctx.edit_message(await load_welcome_card(ctx, arrival_method_of_number(press.target_id)))
