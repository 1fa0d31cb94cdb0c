"""The select of `/help`."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.help.cards import Topic, help_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NotAllowedError


@on(Target.HELP, Action.GO_TO_PAGE)
async def show_help_topic(ctx: InteractionContext, press: Press) -> None:
    if press.value not in set(Topic):
        raise NotAllowedError("button-unknown")
    await ctx.edit_message(help_card(ctx.texts, Topic(press.value), ctx.preferences))
