"""`/start`: the welcome card once more."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.onboarding.cards import WelcomeChoices, start_card
from bot.discord_app.translator import command


@command("start")
async def start_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        member, preferences = await ctx.services.members.find(ctx.member_id)
        welcome = WelcomeChoices(preferences.edition, member is not None and member.edition is not None)
        await ctx.respond(start_card(ctx.texts, welcome, now=ctx.now))
