"""`/help`: how to use the bot, one topic at a time."""

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.help.cards import Topic, help_card
from bot.discord_app.registry import command, on
from bot.discord_app.translator import localized_choices
from bot.discord_app.ui.components import Press
from bot.discord_app.ui.layout import Card
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NotAllowedError


@command("help")
@app_commands.choices(topic=localized_choices({topic: f"topic-{topic}" for topic in Topic}))
async def help_command(ctx: InteractionContext, topic: str = Topic.OVERVIEW.value) -> None:
    await ctx.respond(_help_card(ctx, Topic(topic)))


@on(Target.HELP, Action.GO_TO_PAGE)
async def show_help_topic(ctx: InteractionContext, press: Press) -> None:
    if press.value not in set(Topic):
        raise NotAllowedError("button-unknown")
    await ctx.edit_message(_help_card(ctx, Topic(press.value)))


def _help_card(ctx: InteractionContext, topic: Topic) -> Card:
    return help_card(ctx.texts, topic, ctx.preferences, retention_months=ctx.services.retention_months)
