"""`/start`: the welcome card once more."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.onboarding.cards import WelcomeChoices, start_card
from bot.discord_app.registry import command
from bot.discord_app.ui.layout import Card
from bot.services.arrivals import ArrivalMethod


@command("start")
async def start_command(ctx: InteractionContext) -> None:
    await ctx.respond(await load_welcome_card(ctx))


async def load_welcome_card(ctx: InteractionContext, method: ArrivalMethod | None = None) -> Card:
    """The welcome card; `method`: the way that it marks."""
    member, preferences = await ctx.services.members.find(ctx.member_id)
    welcome = WelcomeChoices(preferences.edition, member is not None and member.edition is not None, method)
    return start_card(ctx.texts, welcome, now=ctx.now)
