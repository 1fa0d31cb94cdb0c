"""`/about`: the program, its version, and that Lancers has no part in it."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.registry import command
from bot.discord_app.ui.layout import build_card, text_block
from bot.version import VERSION


@command("about")
async def about_command(ctx: InteractionContext) -> None:
    await ctx.respond(build_card([text_block(ctx.texts("about", version=VERSION))]))
