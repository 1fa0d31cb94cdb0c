"""`/about`: the program, its version, and that Lancers has no part in it."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.about.cards import about_card
from bot.discord_app.registry import command


@command("about")
async def about_command(ctx: InteractionContext) -> None:
    await ctx.respond(about_card(ctx.texts))
