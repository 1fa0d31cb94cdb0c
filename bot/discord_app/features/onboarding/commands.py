"""`/start`: the welcome card once more."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.onboarding.cards import WelcomeChoices, start_card
from bot.discord_app.registry import command


@command("start")
async def start_command(ctx: InteractionContext) -> None:
    member, preferences = await ctx.services.members.find(ctx.member_id)
    welcome = WelcomeChoices(preferences.edition, member is not None and member.edition is not None)
    await ctx.respond(start_card(ctx.texts, welcome, now=ctx.now))
