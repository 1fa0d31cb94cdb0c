"""`/about`: the program, its version, and that Lancers has no part in it."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.registry import command
from bot.discord_app.ui.layout import Card, build_card, text_block
from bot.i18n.translations import Translations
from bot.version import VERSION


def about_card(texts: Translations) -> Card:
    """The version, how far its judgements reach, what it stores."""
    return build_card([text_block(texts("about", version=VERSION))])


@command("about")
async def about_command(ctx: InteractionContext) -> None:
    await ctx.respond(about_card(ctx.texts))
