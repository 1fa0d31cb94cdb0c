"""`/start`: the welcome card once more; and its buttons about how messages arrive.

The button of an edition is one of the settings' (`features/settings/commands.py`).
"""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.onboarding.cards import (
    WelcomeChoices,
    arrival_guide_card,
    arrival_method_of_number,
    start_card,
)
from bot.discord_app.registry import command, on
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.layout import Card
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NotAllowedError
from bot.services.arrivals import ArrivalMethod


@command("start")
async def start_command(ctx: InteractionContext) -> None:
    await ctx.respond(await _load_welcome_card(ctx))


async def _load_welcome_card(ctx: InteractionContext, method: ArrivalMethod | None = None) -> Card:
    """The welcome card; `method`: the way that it marks."""
    member, preferences = await ctx.services.members.find(ctx.member_id)
    welcome = WelcomeChoices(preferences.edition, member is not None and member.edition is not None, method)
    return start_card(ctx.texts, welcome, now=ctx.now)


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
    await ctx.edit_message(await _load_welcome_card(ctx, arrival_method_of_number(press.target_id)))
