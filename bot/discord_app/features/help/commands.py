"""`/help`: how to use the bot, one topic at a time."""

from discord import app_commands

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.help.cards import Topic, help_card
from bot.discord_app.registry import command
from bot.discord_app.translator import localized_choices


@command("help")
@app_commands.choices(topic=localized_choices({topic: f"topic-{topic}" for topic in Topic}))
async def help_command(ctx: InteractionContext, topic: str = Topic.OVERVIEW.value) -> None:
    await ctx.respond(help_card(ctx.texts, Topic(topic), ctx.preferences))
