"""`/about`: the program, its version, and that Lancers has no part in it."""

from bot.discord_app.client import Interaction
from bot.discord_app.context import interaction_context
from bot.discord_app.features.about.cards import about_card
from bot.discord_app.translator import command


@command("about")
async def about_command(interaction: Interaction) -> None:
    async with interaction_context(interaction) as ctx:
        await ctx.respond(about_card(ctx.texts))
